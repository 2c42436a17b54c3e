// expect: TLE
// limits: time_ms=400 wall_ms=1500
// Children of a parent that ignores SIGCHLD are missing from its accounts.
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    signal(SIGCHLD, SIG_IGN);
    puts("held");
    fflush(stdout);
    for (int i = 0; i < 8; i++)
        if (!fork()) {
            while (clock() < CLOCKS_PER_SEC / 4) {}
            _exit(0);
        }
    wait(0); // until the last of them is gone
}
