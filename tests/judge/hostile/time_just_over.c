// expect: TLE
// limits: time_ms=200
// Ends by itself and with the right answer, a little too late: the last sample saw nothing wrong.
#include <stdio.h>
#include <time.h>
int main(void)
{
    struct timespec t;
    do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    while (t.tv_nsec < 202000000);
    puts("held");
}
