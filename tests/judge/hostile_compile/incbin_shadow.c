// expect: CE
__asm__(".globl stolen\nstolen: .incbin \"/etc/passwd\"");
int main(void) { return 0; }
