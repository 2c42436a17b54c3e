// expect: CE
// A program of 100 MiB.
char x[100 << 20] = { 1 };
int main(void) { return x[0]; }
