// expect: CE|AC|WA
// Has the assembler print a flood.
__asm__(".rept 200000\n.print \"flood flood flood flood flood\"\n.endr");
int main(void) { return 0; }
