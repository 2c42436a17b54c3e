// expect: TLE|ILE|MLE
// limits: time_ms=400 wall_ms=1500
// The classic. Copies that the kernel has not cleared away yet count as memory: up to 57 MiB seen.
#include <unistd.h>
int main(void)
{
    for (;;) fork();
}
