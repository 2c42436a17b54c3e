// expect: AC AC
// Moves into the runner's group and session, or the runner out of them.
#include <stdio.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    TRY(setpgid(1, 0));
    TRY(setpgid(1, getpid()));
    TRY(setpgid(getppid(), getppid()));
    TRY(tcsetpgrp(0, getpgrp()));
    TRY(tcgetpgrp(0));
    puts("held");
    fflush(stdout);
    setpgid(0, 0);
    if (fork()) return 0;
    setsid();
    pause();
}
