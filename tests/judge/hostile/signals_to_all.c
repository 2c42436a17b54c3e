// expect: AC AC
// Signals its group, its session and everybody, PID 1 among them.
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    for (int round = 0; round < 50; round++)
        for (int s = 1; s < 65; s++) {
            if (s == SIGKILL || s == SIGSTOP || s == 32 || s == 33) continue;
            kill(0, s);
            kill(-1, s);
            killpg(getpgrp(), s);
            kill(getppid(), s);
        }
    kill(1, SIGKILL);
    kill(1, SIGSTOP);
    puts("held");
}
