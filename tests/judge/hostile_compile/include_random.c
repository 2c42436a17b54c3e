// expect: CE
// long: yes
// Includes what has no end.
#include "/dev/urandom"
int main(void) { return 0; }
