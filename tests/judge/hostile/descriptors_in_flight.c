// expect: AC AC
// Sends descriptors into sockets that hold them where no count of open files sees them.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void)
{
    long sent = 0;
    for (int round = 0; round < 400; round++) {
        int pair[2], many[16];
        char byte = 0, space[CMSG_SPACE(sizeof many)];
        struct iovec part = { &byte, 1 };
        struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space };
        if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)) break;
        for (int i = 0; i < 16; i++) many[i] = pair[i & 1];
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof many);
        memcpy(CMSG_DATA(c), many, sizeof many);
        while (sent < 1000000 && sendmsg(pair[0], &m, MSG_DONTWAIT) > 0) sent += 16;
        close(pair[0]);
        close(pair[1]); /* they are still there: they hold each other */
    }
    if (sent < 20000) puts("held");
    else printf("%ld in flight\n", sent);
}
