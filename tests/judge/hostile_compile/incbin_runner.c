// expect: CE
// Has the assembler include the environment of the runner.
__asm__(".incbin \"/proc/1/environ\"");
int main(void) { return 0; }
