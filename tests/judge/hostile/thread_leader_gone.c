// expect: TLE
// limits: time_ms=300 wall_ms=2000
// The first thread has ended, so the process looks dead; the others work on.
#include <pthread.h>
#include <time.h>
static void *burn(void *unused)
{
    struct timespec t = { 0, 0 };
    while (t.tv_sec < 5) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return unused;
}
int main(void)
{
    pthread_t t;
    pthread_create(&t, 0, burn, 0);
    pthread_create(&t, 0, burn, 0);
    pthread_exit(0);
}
