#include <stdio.h>
static int table[6000000];
int main(void)
{
    long seed;
    scanf("%ld", &seed);
    for (long i = 0; i < 6000000; i++) table[i] = (int)((seed * 1000003 + i * 7919) % 2147483647);
    printf("%d\n", table[3999999]);
}
