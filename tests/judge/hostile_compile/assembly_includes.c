// expect: CE
// The assembler's own way to include, and to quote what it cannot read.
__asm__(".include \"/etc/passwd\"\n.incbin \"/proc/1/mem\"\n.incbin \"/proc/self/cwd/../etc/shadow\"");
int main(void) { return 0; }
