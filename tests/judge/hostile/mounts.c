// expect: AC
// Changes what is mounted where.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    if (!mount("none", "/tmp", "tmpfs", 0, 0)) return puts("mount"), 0;
    if (!mount("none", "/", 0, MS_REMOUNT | MS_BIND, 0)) return puts("remount"), 0;
    if (!umount2("/tmp", MNT_DETACH)) return puts("umount"), 0;
    if (!syscall(SYS_pivot_root, "/tmp", "/tmp")) return puts("pivot"), 0;
    if (!chroot("/tmp")) return puts("chroot"), 0;
    if (syscall(428, -100, "/", 0) >= 0) return puts("open_tree"), 0;
    if (syscall(430, "tmpfs", 0) >= 0) return puts("fsopen"), 0;
    if (syscall(429, -100, "/tmp", -100, "/tmp", 0) >= 0) return puts("move_mount"), 0;
    if (syscall(442, -100, "/", 0, 0, 0) >= 0) return puts("mount_setattr"), 0;
    puts("held");
}
