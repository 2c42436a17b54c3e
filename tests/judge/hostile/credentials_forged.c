// expect: AC
// Says that it is another process, or root, where the kernel vouches for who is speaking.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
static int send_as(int fd, int pid, int uid)
{
    struct ucred who = { pid, (uid_t)uid, (gid_t)uid };
    char byte = 0, space[CMSG_SPACE(sizeof who)];
    struct iovec part = { &byte, 1 };
    struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space };
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_CREDENTIALS;
    c->cmsg_len = CMSG_LEN(sizeof who);
    memcpy(CMSG_DATA(c), &who, sizeof who);
    return (int)sendmsg(fd, &m, 0);
}
int main(void)
{
    int pair[2], value[32] = { 0 };
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)) return 1;
    if (send_as(pair[0], 1, (int)getuid()) >= 0) return puts("as the runner"), 0;
    if (send_as(pair[0], getpid(), 0) >= 0) return puts("as root"), 0;
    value[0] = SI_USER;
    if (syscall(SYS_rt_sigqueueinfo, 1, 10, value) >= 0) return puts("a signal of the kernel's"), 0;
    puts("held");
}
