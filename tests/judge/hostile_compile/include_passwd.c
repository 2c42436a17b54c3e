// expect: CE
// Includes a file of the machine, to read it in the errors.
#include "/etc/passwd"
int main(void) { return 0; }
