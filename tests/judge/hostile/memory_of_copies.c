// expect: MLE
// Children share pages until they write to them.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    long size = 20 << 20;
    volatile char *p = malloc(size);
    for (long i = 0; i < size; i += 4096) p[i] = 1;
    for (int n = 0; n < 5; n++)
        if (!fork()) {
            for (long i = 0; i < size; i += 4096) p[i] = 2;
            usleep(300000);
            _exit(0);
        }
    while (wait(0) > 0) {}
    puts("held");
}
