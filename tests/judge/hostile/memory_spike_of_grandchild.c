// expect: MLE
// What a child's child took is seen through two who waited.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    if (!fork()) {
        if (!fork()) {
            volatile char *p = malloc(100 << 20);
            for (long i = 0; i < 100 << 20; i += 4096) p[i] = 1;
            _exit(0);
        }
        wait(0);
        _exit(0);
    }
    wait(0);
    puts("held");
}
