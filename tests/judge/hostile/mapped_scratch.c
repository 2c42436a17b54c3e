// expect: AC
// A file of the scratch that is mapped is one memory, not two.
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    long size = 40 << 20;
    int fd = open("/tmp/file", O_CREAT | O_RDWR, 0600);
    if (ftruncate(fd, size)) return 1;
    volatile char *p = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    for (long i = 0; i < size; i += 4096) p[i] = 1;
    if (!fork()) {
        long sum = 0;
        for (long i = 0; i < size; i += 4096) sum += p[i];
        usleep(50000);
        _exit(sum != size / 4096);
    }
    usleep(50000);
    puts("held");
}
