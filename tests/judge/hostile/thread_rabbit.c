// expect: TLE|ILE
// limits: time_ms=300 wall_ms=800
// Each thread starts the next and ends, so that none is there long.
#include <pthread.h>
#include <time.h>
#include <unistd.h>
static time_t end;
static void *next(void *unused)
{
    pthread_t t;
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
    if (time(0) < end)
        while (pthread_create(&t, &a, next, 0)) usleep(10);
    return unused;
}
int main(void)
{
    end = time(0) + 10;
    next(0);
    pthread_exit(0);
}
