// expect: CE
// Has the assembler complain without end.
__asm__(".rept 300000\n.error \"flood\"\n.endr");
int main(void) { return 0; }
