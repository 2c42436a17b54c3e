// expect: AC AC AC
// Leaves processes in a session of their own that ignore all signals and work.
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(void)
{
    int others = 0;
    DIR *d = opendir("/proc");
    for (struct dirent *e; (e = readdir(d));) others += atoi(e->d_name) > 1 && atoi(e->d_name) != getpid();
    puts(others ? "somebody is there" : "held");
    fflush(stdout);
    if (fork()) return 0;
    setsid();
    if (fork()) return 0;
    for (int i = 1; i < 65; i++) signal(i, SIG_IGN);
    for (int i = 0; i < 64; i++) close(i);
    for (int i = 0; i < 8; i++) fork();
    for (;;) {}
}
