// expect: AC
// Watches files that other boxes use too: who compiles what, and when.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    TRY(fanotify_init(FAN_CLASS_NOTIF, O_RDONLY));
    TRY(fanotify_init(FAN_CLASS_PRE_CONTENT | FAN_UNLIMITED_QUEUE, O_RDONLY));
    TRY(fanotify_init(0x200, O_RDONLY)); /* FAN_REPORT_FID: for everybody since 5.13 */
    TRY(inotify_init());
    TRY(inotify_init1(IN_NONBLOCK));
    const char *places[] = { "/usr/lib", "/box", "/", "/dev" };
    for (int i = 0; i < 4; i++) {
        int fd = open(places[i], O_RDONLY | O_DIRECTORY);
        if (fd >= 0 && !fcntl(fd, F_NOTIFY, DN_ACCESS | DN_MULTISHOT)) return puts("dnotify"), 0;
    }
    puts("held");
}
