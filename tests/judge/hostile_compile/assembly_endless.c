// expect: CE
// long: yes
// Has the assembler repeat without end.
__asm__(".rept 1000000000\nnop\n.endr");
int main(void) { return 0; }
