// expect: AC
// Looks for the devices of the machine, and makes some.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
int main(void)
{
    const char *names[] = { "/dev/mem", "/dev/kmsg", "/dev/vda", "/dev/sda", "/dev/tty", "/dev/ptmx",
                            "/dev/fuse", "/dev/zero", "/dev/shm", "/dev/kvm", "/dev/net/tun" };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (!access(names[i], F_OK)) return puts(names[i]), 0;
    if (!mknod("/tmp/disk", S_IFBLK | 0600, makedev(8, 0))) return puts("made a device"), 0;
    if (!mknod("/tmp/kmsg", S_IFCHR | 0600, makedev(1, 11))) return puts("made a device"), 0;
    puts("held");
}
