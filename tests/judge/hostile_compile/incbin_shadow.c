// expect: CE
// Has the assembler include a file of the machine.
__asm__(".globl stolen\nstolen: .incbin \"/etc/passwd\"");
int main(void) { return 0; }
