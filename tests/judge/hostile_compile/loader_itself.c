// expect: RTE|AC
// A program whose loader is the program.
__attribute__((section(".interp"), used)) const char loader[] = "/box/program";
#include <stdio.h>
int main(void) { puts("held"); }
