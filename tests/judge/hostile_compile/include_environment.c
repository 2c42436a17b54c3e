// expect: WA|CE
// Includes the environment of the compiler.
#include "/proc/self/environ"
int main(void) { return 0; }
