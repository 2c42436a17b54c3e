// expect: OLE
// Makes its streams those of somebody who does not wait, and floods them.
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
static char block[1 << 16];
int main(void)
{
    memset(block, 'x', sizeof block);
    for (int fd = 0; fd < 3; fd++) fcntl(fd, F_SETFL, O_NONBLOCK | O_APPEND | O_ASYNC);
    for (;;)
        if (write(1, block, sizeof block) < 0) usleep(100);
}
