// expect: AC
// Makes device files of the machine's disks and memory, and pipes that wait for ever.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    int major[] = { 1, 1, 1, 4, 5, 7, 8, 10, 253, 254, 259 }, minor[] = { 1, 5, 11, 0, 2, 0, 0, 200, 0, 0, 0 };
    for (int i = 0; i < 11; i++) {
        TRY(mknod("/tmp/device", S_IFCHR | 0666, makedev(major[i], minor[i])));
        TRY(mknod("/tmp/device", S_IFBLK | 0666, makedev(major[i], minor[i])));
        TRY(mknodat(AT_FDCWD, "device", S_IFBLK | 0666, makedev(major[i], minor[i])));
    }
    TRY(mkfifo("/tmp/pipe", 0666));
    TRY(mknod("/tmp/socket", S_IFSOCK | 0666, 0));
    TRY(mknod("/tmp/whiteout", S_IFCHR, 0));
    puts("held");
}
