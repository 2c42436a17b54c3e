// expect: ILE
// limits: time_ms=300 wall_ms=400
// A parent that cannot be woken while its child, which has its memory, sleeps.
#define _GNU_SOURCE
#include <unistd.h>
int main(void)
{
    if (!vfork()) {
        sleep(20);
        _exit(0);
    }
}
