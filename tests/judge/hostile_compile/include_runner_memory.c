// expect: CE
#include "/proc/1/mem"
int main(void) { return 0; }
