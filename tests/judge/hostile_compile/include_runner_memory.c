// expect: CE
// Includes the memory of the runner.
#include "/proc/1/mem"
int main(void) { return 0; }
