// expect: AC
// Climbs out of its root.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    char path[4096] = "/proc/self/cwd";
    for (int i = 0; i < 40; i++) {
        int fd = open(path, O_RDONLY | O_DIRECTORY);
        if (fd < 0) break;
        if (openat(fd, "etc/passwd", O_RDONLY) >= 0) return puts("passwd"), 0;
        if (openat(fd, "root", O_RDONLY) >= 0) return puts("root"), 0;
        close(fd);
        snprintf(path + 14 + 3 * i, 8, "/..");
    }
    if (!chroot("/tmp")) return puts("chroot"), 0;
    if (syscall(SYS_open_by_handle_at, AT_FDCWD, path, O_RDONLY) >= 0) return puts("handle"), 0;
    puts("held");
}
