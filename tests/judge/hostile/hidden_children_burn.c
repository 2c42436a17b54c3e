// expect: TLE
// Children of a parent that ignores SIGCHLD are missing from its accounts.
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    signal(SIGCHLD, SIG_IGN);
    puts("held");
    fflush(stdout);
    for (int i = 0; i < 20; i++)
        if (!fork()) {
            while (clock() < CLOCKS_PER_SEC / 10) {}
            _exit(0);
        } else {
            usleep(60000);
        }
}
