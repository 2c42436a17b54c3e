// expect: CE
// Through the roots of other processes.
#include "/proc/thread-self/cwd/../etc/passwd"
#include "/proc/1/cwd/../etc/passwd"
#include "/proc/self/cwd/../etc/shadow"
int main(void) { return 0; }
