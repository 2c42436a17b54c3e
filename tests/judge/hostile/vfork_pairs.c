// expect: AC
// Parent and child of a vfork have one memory: it counts once.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    long size = 40 << 20;
    volatile char *p = malloc(size);
    for (long i = 0; i < size; i += 4096) p[i] = 1;
    for (int i = 0; i < 3; i++) {
        if (!vfork()) {
            usleep(50000);
            _exit(0);
        }
        wait(0);
    }
    puts(p[4096] == 1 ? "held" : "changed");
}
