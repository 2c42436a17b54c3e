// expect: CE
// Has no main.
int f(void) { return 0; }
