// expect: AC
// Fills as many pipes as it may have.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
static char block[1 << 20];
int main(void)
{
    long total = 0;
    int ends[2];
    while (!pipe2(ends, O_NONBLOCK)) {
        fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
        for (ssize_t n; (n = write(ends[1], block, sizeof block)) > 0;) total += n;
    }
    if (total <= 64 << 20) puts("held");
    else printf("%ld\n", total);
}
