// expect: CE|AC|WA
// Options of the compiler from within: a plugin, a wrapper, a file to write, a folder to include from.
#pragma GCC optimize("-fplugin=/tmp/evil.so")
#pragma GCC optimize("O3,-wrapper,/bin/sh,-o,/tmp/x,-include,/etc/passwd")
#include <stdio.h>
__attribute__((optimize("-fplugin=/tmp/evil.so", "-fdump-tree-all=/box/x")))
int main(void) { puts("held"); }
