// expect: WA
__asm__(".section .note.GNU-stack,\"x\"\n.text");
int main(void) { return 0; }
