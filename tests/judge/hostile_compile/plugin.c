// expect: WA
// Asks for a plugin of the compiler, and options for the linker.
#pragma GCC plugin "/tmp/x.so"
#pragma comment(linker, "/tmp/x")
int main(void) { return 0; }
