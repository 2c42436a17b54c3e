// expect: CE
// Macros of the assembler that call themselves.
__asm__(".macro again n\nagain \\n+1\nagain \\n+1\n.endm\nagain 0");
int main(void) { return 0; }
