// expect: MLE
// Files that are deleted but open, and in no folder.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
static char block[1 << 20];
int main(void)
{
    volatile char *own = block;
    static volatile char more[40 << 20];
    int fd = open("/tmp/file", O_CREAT | O_RDWR, 0600), hidden = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    unlink("/tmp/file");
    for (int i = 0; i < 16; i++)
        if (write(fd, block, sizeof block) < 0 || write(hidden, block, sizeof block) < 0) return 1;
    for (size_t i = 0; i < sizeof more; i += 4096) more[i] = own[0] + 1;
    usleep(30000);
    puts("held");
}
