// expect: AC
// Looks for descriptors that were not meant for it, the runner's socket above all.
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void)
{
    char nonsense[56] = { 0 };
    for (int fd = 3; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0) return printf("descriptor %d\n", fd), 0;
    for (int fd = 0; fd < 3; fd++) {
        struct stat s;
        if (fstat(fd, &s) || !S_ISFIFO(s.st_mode)) return printf("not a pipe: %d\n", fd), 0;
        if (send(fd, nonsense, sizeof nonsense, 0) >= 0) return puts("a socket"), 0;
    }
    puts("held");
}
