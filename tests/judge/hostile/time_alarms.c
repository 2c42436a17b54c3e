// expect: ILE
// limits: time_ms=300 wall_ms=500
// Sleeps for ever, woken by alarms of three clocks.
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>
static void nothing(int s) { (void)s; }
int main(void)
{
    struct itimerval often = { { 0, 2000 }, { 0, 2000 } };
    signal(SIGALRM, nothing);
    signal(SIGVTALRM, nothing);
    signal(SIGPROF, nothing);
    for (int which = 0; which < 3; which++) setitimer(which, &often, 0);
    for (;;) pause();
}
