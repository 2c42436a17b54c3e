// expect: TLE|ILE|RTE|MLE
// limits: time_ms=300 wall_ms=600
// Each process waits for its child within the kernel, in a chain as long as it may be.
#define _GNU_SOURCE
#include <unistd.h>
static volatile int deep;
int main(void)
{
    for (;;) {
        deep++;
        if (vfork() < 0) break;
    }
    pause();
}
