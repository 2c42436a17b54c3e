// expect: MLE
// The same file and as much memory again are too much together.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    long size = 40 << 20;
    int fd = open("/tmp/file", O_CREAT | O_RDWR, 0600);
    if (ftruncate(fd, size)) return 1;
    volatile char *p = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), *q = malloc(size);
    for (long i = 0; i < size; i += 4096) p[i] = q[i] = 1;
    usleep(50000);
    puts("held");
}
