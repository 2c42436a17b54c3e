// expect: WA
#pragma GCC plugin "/tmp/x.so"
#pragma comment(linker, "/tmp/x")
int main(void) { return 0; }
