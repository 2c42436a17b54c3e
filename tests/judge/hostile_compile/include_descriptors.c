// expect: CE
// Through the descriptors of the compiler and of the runner.
#include "/proc/self/fd/3"
#include "/proc/1/fd/3"
#include "/proc/self/fd/5"
int main(void) { return nothing; }
