// expect: AC
// A file that says it is large is not; one larger than allowed cannot be.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("/tmp/file", O_CREAT | O_RDWR, 0600);
    if (ftruncate(fd, 60 << 20)) return puts("not even a hole"), 0;
    if (!ftruncate(fd, 1LL << 60) || errno != EFBIG) return puts("grew"), 0;
    if (pwrite(fd, "x", 1, 1LL << 40) >= 0) return puts("written far out"), 0;
    if (!posix_fallocate(fd, 0, 1LL << 33)) return puts("all of it"), 0;
    if (lseek(fd, 1LL << 50, SEEK_SET) < 0) return puts("no seek"), 0;
    if (write(fd, "x", 1) >= 0) return puts("written beyond"), 0;
    puts("held");
}
