// expect: AC
// Runs before main and after it: all of it is the program's time and output.
#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void before(void) { if (write(1, "he", 2) < 0) _exit(1); }
__attribute__((destructor)) static void after(void) { if (write(1, "ld\n", 3) < 0) _exit(1); }
int main(void) { return 0; }
