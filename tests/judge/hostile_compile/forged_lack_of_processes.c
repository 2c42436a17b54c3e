// expect: CE
// Says in the assembler's name that the machine has no process left, which would be nobody's fault.
__asm__(".print \"as: fork: Resource temporarily unavailable\"\n.error \"x\"");
int main(void) { return 0; }
