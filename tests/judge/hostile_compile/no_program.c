// expect: CE
int f(void) { return 0; }
