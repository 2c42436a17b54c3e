// expect: AC AC
// A child that goes on writing when its parent has ended: to the test's output, or the next one's.
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    puts("held");
    fflush(stdout);
    if (fork()) return 0;
    setsid();
    signal(SIGPIPE, SIG_IGN);
    usleep(20000);
    for (int i = 0; i < 1000000; i++)
        if (write(1, "more\n", 5) < 0) usleep(1);
}
