// expect: AC
// Fills the queues of as many sockets as it may have.
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
static char block[1 << 16];
int main(void)
{
    long total = 0;
    int pair[2], kinds[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
    for (int i = 0; !socketpair(AF_UNIX, kinds[i % 3] | SOCK_NONBLOCK, 0, pair); i++)
        for (int side = 0; side < 2; side++)
            for (int size = sizeof block; size; size /= 16)
                for (ssize_t n; (n = send(pair[side], block, (size_t)size, 0)) > 0;) total += n;
    if (total <= 64 << 20) puts("held");
    else printf("%ld\n", total);
}
