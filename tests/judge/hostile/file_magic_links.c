// expect: AC
// Goes through the links that /proc has instead of names: roots, folders and programs of others.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    char path[300], target[300];
    const char *names[] = { "root", "cwd", "exe", "fd/0", "fd/3", "task/1/root", "task/1/cwd", "ns/mnt" };
    for (int i = 0; i < 8; i++) {
        snprintf(path, sizeof path, "/proc/1/%s", names[i]);
        TRY(open(path, O_RDONLY | O_NONBLOCK));
        TRY(open(path, O_PATH | O_NOFOLLOW | O_DIRECTORY));
        TRY(readlink(path, target, sizeof target));
        snprintf(path, sizeof path, "/proc/1/%s/etc/passwd", names[i]);
        TRY(access(path, F_OK));
    }
    TRY(access("/proc/self/root/etc/passwd", F_OK));
    TRY(access("/proc/self/root/../../root/.ssh", F_OK));
    TRY(access("/proc/self/cwd/../../../../etc/shadow", F_OK));
    TRY(access("/proc/thread-self/root/var/lib", F_OK));
    puts("held");
}
