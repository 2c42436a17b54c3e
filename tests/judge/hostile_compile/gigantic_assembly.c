// expect: CE
// A line of assembly that is 16 GB of data.
__asm__(".data\n.rept 2000000000\n.quad 1\n.endr");
int main(void) { return 0; }
