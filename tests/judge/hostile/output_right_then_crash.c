// expect: RTE
// The right answer does not help who crashes.
#include <stdio.h>
int main(void)
{
    puts("held");
    fflush(stdout);
    return *(volatile int *)0;
}
