// expect: AC
// Looks for the environment of the worker.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
extern char **environ;
int main(void)
{
    const char *known[] = { "PATH=", "HOME=", "LANG=", "ONLINE_JUDGE=", "PWD=" };
    for (char **e = environ; *e; e++) {
        int ok = 0;
        for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
            ok |= !strncmp(*e, known[i], strlen(known[i]));
        if (!ok) return puts(*e), 0;
    }
    if (open("/proc/1/environ", O_RDONLY) >= 0) return puts("the runner's"), 0;
    char path[64], text[65536];
    snprintf(path, sizeof path, "/proc/%d/environ", getppid());
    if (open(path, O_RDONLY) >= 0) return puts("the parent's"), 0;
    int fd = open("/proc/self/environ", O_RDONLY);
    ssize_t n = read(fd, text, sizeof text);
    if (n > 0 && memmem(text, n, "HOSTILE_SECRET", 14)) return puts("the secret"), 0;
    puts("held");
}
