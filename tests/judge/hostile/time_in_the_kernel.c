// expect: TLE
// limits: time_ms=300 wall_ms=3000
// Lets the kernel work for it: that is its time too.
#include <sys/random.h>
#include <unistd.h>
static char block[1 << 20];
int main(void)
{
    for (;;) if (getrandom(block, sizeof block, 0) < 0) return 1;
}
