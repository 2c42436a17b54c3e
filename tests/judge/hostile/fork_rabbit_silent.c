// expect: AC AC
// The same behind a parent that has ended well: nothing of it may go on in the next test.
#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    if (getppid() != 1) return puts("not the runner's child"), 0;
    puts("held");
    fflush(stdout);
    if (fork()) return 0;
    setsid();
    time_t end = time(0) + 10;
    while (time(0) < end)
        if (fork() > 0) _exit(0);
}
