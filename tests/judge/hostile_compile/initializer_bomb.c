// expect: CE
// long: yes
// A range that is initialized: a gigabyte from one line.
int x[1 << 28] = { [0 ... (1 << 28) - 1] = 7 };
int main(void) { return x[3]; }
