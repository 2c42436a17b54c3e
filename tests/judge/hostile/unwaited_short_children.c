// expect: TLE
// limits: time_ms=300 wall_ms=20000
// Children that nobody waits for, each gone before anybody looks.
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
    for (int i = 0; i < 100; i++) {
        if (!fork()) {
            while (clock() < CLOCKS_PER_SEC / 100) {}
            _exit(0);
        }
        wait(0);
    }
}
