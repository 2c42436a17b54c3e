// expect: WA
// Includes the standard input, which is empty.
#include "/dev/stdin"
int main(void) { return 0; }
