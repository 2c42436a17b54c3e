// expect: WA
// Asks for a stack that can be executed.
__asm__(".section .note.GNU-stack,\"x\"\n.text");
int main(void) { return 0; }
