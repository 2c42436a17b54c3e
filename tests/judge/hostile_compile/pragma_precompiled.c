// expect: CE
// Has the compiler take a file of the machine for a precompiled one.
#pragma GCC pch_preprocess "/etc/passwd"
int main(void) { return 0; }
