#include <stdio.h>
#include <stdlib.h>
static int spare[100000000];
int main(void)
{
    long seed;
    int *table = calloc(200000000, sizeof *table);
    scanf("%ld", &seed);
    for (long i = 0; i < 6000000; i++) table[i] = (int)((seed * 1000003 + i * 7919) % 2147483647);
    printf("%d\n", table[3999999] + spare[5]);
}
