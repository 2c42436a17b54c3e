// expect: AC AC
// Leaves as many dead children as it can, unwaited for.
#include <dirent.h>
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
    for (int i = 0; i < 1000; i++) {
        pid_t child = fork();
        if (child < 0) break;
        if (!child) _exit(0);
    }
}
