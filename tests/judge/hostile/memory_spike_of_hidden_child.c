// expect: MLE
// A child nobody waits for takes the memory, for a few milliseconds at a time.
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < 10; i++)
        if (!fork()) {
            size_t size = 100 << 20;
            volatile char *p = mmap(0, size, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            for (size_t at = 0; at < size; at += 4096) p[at] = 1;
            _exit(0);
        } else {
            wait(0);
        }
    puts("held");
}
