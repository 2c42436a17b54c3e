#include <stdio.h>
static int deep(volatile int *i)
{
    volatile int next[64] = { *i };
    return 1 + deep(next) + next[1];
}
int main(void)
{
    int n = 1;
    printf("%d\n", deep(&n));
}
