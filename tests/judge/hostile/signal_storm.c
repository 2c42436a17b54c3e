// expect: TLE|ILE
// limits: time_ms=300 wall_ms=800
// Sends itself signals as fast as it can, and answers each with two more.
#include <signal.h>
#include <unistd.h>
static void again(int s)
{
    raise(s);
    raise(s == SIGUSR1 ? SIGUSR2 : SIGUSR1);
}
int main(void)
{
    struct sigaction a = { .sa_handler = again, .sa_flags = SA_NODEFER | SA_ONSTACK };
    static char space[1 << 16];
    stack_t s = { .ss_sp = space, .ss_size = sizeof space };
    sigaltstack(&s, 0);
    a.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &a, 0);
    sigaction(SIGUSR2, &a, 0);
    raise(SIGUSR1);
    for (;;) raise(SIGUSR2);
}
