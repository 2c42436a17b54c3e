// expect: AC
// Warnings without number are no reason not to run; they are cut.
#include <stdio.h>
#define W _Pragma("GCC warning \"flood\"")
#define W10 W W W W W W W W W W
#define W100 W10 W10 W10 W10 W10 W10 W10 W10 W10 W10
W100 W100 W100 W100 W100 W100 W100 W100 W100 W100
int main(void) { puts("held"); }
