// expect: TLE
// limits: time_ms=300 wall_ms=2000
// Works a little less than is sampled, and becomes itself again.
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
int main(int count, char **words)
{
    struct timespec from, t;
    char number[2] = { (char)(count > 1 ? words[1][0] + 1 : 'A'), 0 };
    if (number[0] > 'z') return 0;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    while (t.tv_sec * 1000000000L + t.tv_nsec - from.tv_sec * 1000000000L - from.tv_nsec < 9000000);
    execl("/proc/self/exe", words[0], number, (char *)0);
}
