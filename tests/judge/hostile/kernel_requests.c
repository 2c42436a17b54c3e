// expect: AC
// Requests to terminals, files and devices: typing for others, flags of files, freezing them.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>
int main(void)
{
    unsigned long requests[] = {
        TIOCSTI, TIOCSCTTY, TIOCNOTTY, TIOCSPGRP, TIOCLINUX, TIOCSWINSZ, TIOCGPTPEER, TIOCCONS, FIOASYNC, 0x8901,
        0xc0045877, 0xc0045878, 0x40086602, 0x40087602, 0x40049409, 0xc0189436, 0x5452,
        0x541c, 0x40045201, 0x5207, 0xb701, 0xb702, 0x8004b706, 0x1277, 0xc0c0583b,
    };
    int fds[] = { 0, 1, 2, open("/dev/null", O_RDWR), open("/dev/urandom", O_RDWR),
                  open("/tmp", O_RDONLY), open("/tmp/file", O_CREAT | O_RDWR, 0600), open("/box", O_RDONLY) };
    for (int i = 0; i < 8; i++)
        for (unsigned j = 0; j < sizeof requests / sizeof *requests; j++) {
            int value[64] = { 1 };
            errno = 0;
            if (ioctl(fds[i], requests[j], value) >= 0 || errno != ENOTTY)
                return printf("request %lx of %d: %d\n", requests[j], i, errno), 0;
        }
    puts("held");
}
