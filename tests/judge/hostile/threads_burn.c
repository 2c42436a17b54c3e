// expect: TLE
// limits: time_ms=400 wall_ms=1500
// Spreads its work over threads.
#include <pthread.h>
#include <stdio.h>
#include <time.h>
static void *burn(void *unused)
{
    struct timespec t = { 0, 0 };
    while (t.tv_sec < 1 && t.tv_nsec < 400000000) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return unused;
}
int main(void)
{
    pthread_t t[4];
    for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, burn, 0);
    for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
    puts("held");
}
