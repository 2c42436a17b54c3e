// expect: MLE
// Tells the kernel to forget its peak, once it has given everything back.
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    size_t size = 100 << 20;
    volatile char *p = mmap(0, size, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t at = 0; at < size; at += 4096) p[at] = 1;
    munmap((void *)p, size);
    int fd = open("/proc/self/clear_refs", O_WRONLY);
    if (write(fd, "5", 1) == 1) puts("forgotten");
    puts("held");
}
