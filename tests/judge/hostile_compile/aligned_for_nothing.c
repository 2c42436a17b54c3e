// expect: CE|AC|WA
// Wants its data at a multiple of 256 MiB, which makes a file of that size.
#include <stdio.h>
__attribute__((aligned(1 << 28))) char x[16] = "x";
__attribute__((aligned(1 << 28))) char y[16] = "y";
int main(void) { puts(x[0] == 'x' ? "held" : y); }
