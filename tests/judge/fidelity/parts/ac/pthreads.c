#include <pthread.h>
#include <stdio.h>
static long x[5000], n, sums[4];
static void *part(void *which)
{
    long k = (long)which;
    for (long i = k; i < n; i += 4) sums[k] += x[i];
    return 0;
}
int main(void)
{
    pthread_t t[4];
    scanf("%ld", &n);
    for (long i = 0; i < n; i++) scanf("%ld", &x[i]);
    for (long k = 0; k < 4; k++) pthread_create(&t[k], 0, part, (void *)k);
    for (int k = 0; k < 4; k++) pthread_join(t[k], 0);
    printf("%ld\n", sums[0] + sums[1] + sums[2] + sums[3]);
}
