// expect: WA
// Writes to its input, to descriptors that are not there, and to the terminal.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(void)
{
    for (int fd = 0; fd < 300; fd++)
        if (fd != 1 && write(fd, "held\n", 5) < 0) continue;
    int tty = open("/dev/tty", O_RDWR);
    if (tty >= 0) return puts("a terminal"), 0;
}
