// expect: CE
int x[500000000] = { 1 };
int main(void) { return x[0]; }
