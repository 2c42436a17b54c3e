// expect: CE
// Makes its own main an error.
#pragma GCC poison main
int main(void) { return 0; }
