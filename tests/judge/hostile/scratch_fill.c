// expect: MLE
// Fills the scratch.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static char block[1 << 20];
int main(void)
{
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 32; i++) {
        char name[32];
        snprintf(name, sizeof name, "/tmp/%d", i);
        int fd = open(name, O_CREAT | O_WRONLY, 0600);
        while (write(fd, block, sizeof block) > 0) {}
        close(fd);
    }
    puts("held");
}
