// expect: RTE|AC
// Names the runner, itself or a missing file as the loader that the kernel is to start first.
__attribute__((section(".interp"), used)) const char loader[] = "/runner";
#include <stdio.h>
int main(void) { puts("held"); }
