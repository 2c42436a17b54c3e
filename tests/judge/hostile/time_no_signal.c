// expect: TLE
// limits: time_ms=300 wall_ms=3000
// Lowers and catches the limit that would tell it of its time.
#include <signal.h>
#include <sys/resource.h>
int main(void)
{
    struct rlimit less = { 1, RLIM_INFINITY };
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    setrlimit(RLIMIT_CPU, &less);
    for (;;) {}
}
