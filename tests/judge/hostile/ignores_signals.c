// expect: TLE
// limits: time_ms=400 wall_ms=1500
// Cannot be asked to end.
#include <signal.h>
int main(void)
{
    for (int i = 1; i < 65; i++) signal(i, SIG_IGN);
    for (;;) {}
}
