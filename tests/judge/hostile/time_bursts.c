// expect: TLE
// limits: time_ms=300 wall_ms=5000
// Works for a while and sleeps for a while, out of step with whoever looks.
#include <time.h>
#include <unistd.h>
int main(void)
{
    struct timespec t;
    for (long until = 0;;) {
        until += 4000000;
        do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        while (t.tv_sec * 1000000000L + t.tv_nsec < until);
        usleep(3000);
    }
}
