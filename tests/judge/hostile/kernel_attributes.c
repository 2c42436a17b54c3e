// expect: AC AC
// Extended attributes stay on what the next test finds: the scratch, the program, its streams.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    const char *places[] = { "/tmp", "/box", "/box/program", "/dev/null", "/", "/proc/self/fd/0" };
    const char *names[] = { "user.left", "trusted.left", "security.left", "system.posix_acl_access",
                            "user.mime_type" };
    char had[256];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 5; j++) {
            if (getxattr(places[i], names[j], had, sizeof had) > 0) return puts("left behind"), 0;
            TRY(setxattr(places[i], names[j], "x", 1, 0));
            TRY(lsetxattr(places[i], names[j], "x", 1, 0));
            TRY(fsetxattr(open(places[i], O_RDONLY | O_NONBLOCK), names[j], "x", 1, 0));
            TRY(removexattr(places[i], names[j]));
            TRY(syscall(463, AT_FDCWD, places[i], 0, names[j], "x", 16));
        }
    for (int fd = 0; fd < 3; fd++) TRY(fsetxattr(fd, "user.left", "x", 1, 0));
    puts("held");
}
