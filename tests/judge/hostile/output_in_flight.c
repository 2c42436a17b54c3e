// expect: AC
// Leaves the write end of its output in a message that nobody will ever take.
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void)
{
    int pair[2], one = 1;
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof one)]; } control = { 0 };
    char byte = 0;
    struct iovec part = { &byte, 1 };
    struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1,
                        .msg_control = &control, .msg_controllen = sizeof control };
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof one);
    memcpy(CMSG_DATA(&control.header), &one, sizeof one);
    if (sendmsg(pair[0], &m, 0) < 0) return 1;
    memcpy(CMSG_DATA(&control.header), &pair[0], sizeof one);
    if (sendmsg(pair[1], &m, 0) < 0) return 1;
    puts("held");
}
