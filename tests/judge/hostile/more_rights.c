// expect: AC
// Looks at which rights it has.
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(void)
{
    char line[256];
    FILE *f = fopen("/proc/self/status", "r");
    int filtered = 0, bare = 0, locked = 0;
    while (fgets(line, sizeof line, f)) {
        filtered += !strcmp(line, "Seccomp:\t2\n");
        locked += !strcmp(line, "NoNewPrivs:\t1\n");
        bare += !strncmp(line, "Cap", 3) && strstr(line, "0000000000000000") != 0;
    }
    if (getuid() == 0) return puts("root"), 0;
    printf(filtered == 1 && locked == 1 && bare == 5 ? "held\n" : "%d %d %d\n", filtered, locked, bare);
}
