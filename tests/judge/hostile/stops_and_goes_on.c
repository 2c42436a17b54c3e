// expect: ILE
// limits: time_ms=300 wall_ms=500
// Two processes that stop and continue each other for ever.
#include <signal.h>
#include <unistd.h>
int main(void)
{
    pid_t child = fork();
    if (!child)
        for (;;) {
            kill(getppid(), SIGSTOP);
            usleep(2000);
            kill(getppid(), SIGCONT);
            usleep(2000);
        }
    for (;;) usleep(1000);
}
