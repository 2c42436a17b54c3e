// expect: AC
// A device that is allowed has nothing in it.
#include "/dev/null"
#include <stdio.h>
int main(void) { puts("held"); }
