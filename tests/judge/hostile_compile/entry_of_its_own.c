// expect: RTE|WA
// Begins somewhere else than programs begin, before any library is ready.
__attribute__((naked, used)) void other(void) { __asm__("ud2"); }
__asm__(".globl _init\n");
__attribute__((section(".init_array"), used)) static void (*const early)(void) = other;
int main(void) { return 0; }
