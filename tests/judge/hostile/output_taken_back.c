// expect: WA
// Reads its own output from the other end before the judge does.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    char taken[64];
    int fd = open("/proc/self/fd/1", O_RDWR | O_NONBLOCK);
    if (write(1, "hel", 3) < 0) return 1;
    if (fd >= 0 && read(fd, taken, sizeof taken) < 0) return 0;
    return 0;
}
