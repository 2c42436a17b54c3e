// expect: CE
// An array of 2 GB with content.
int x[500000000] = { 1 };
int main(void) { return x[0]; }
