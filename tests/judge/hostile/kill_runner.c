// expect: AC AC
// Signals the runner in every way there is, and everybody else.
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/syscall.h>
int main(void)
{
    for (int round = 0; round < 1000; round++)
        for (int s = 1; s < 65; s++) {
            kill(1, s);
            syscall(SYS_tgkill, 1, 1, s);
            union sigval value = { .sival_int = 7 };
            sigqueue(1, s, value);
        }
    int fd = syscall(434, 1, 0);
    for (int s = 1; s < 65; s++) syscall(424, fd, s, 0, 0);
    kill(-1, SIGKILL);
    puts("held");
}
