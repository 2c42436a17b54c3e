// expect: MLE
// Takes too much, gives it back by becoming another program, which took nothing.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int count, char **words)
{
    if (count > 1) return puts("held"), 0;
    volatile char *p = malloc(100 << 20);
    for (long i = 0; i < 100 << 20; i += 4096) p[i] = 1;
    execl("/proc/self/exe", words[0], "again", (char *)0);
}
