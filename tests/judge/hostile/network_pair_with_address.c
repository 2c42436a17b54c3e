// expect: AC AC
// A pair of sockets is allowed: nothing else may be reached with one of them.
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    int kinds[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
    struct sockaddr_un path = { AF_UNIX, "/tmp/left" }, hidden = { AF_UNIX, "\0left" };
    struct sockaddr_in there = { AF_INET, 53, { 0x0100007f }, { 0 } };
    for (int i = 0; i < 3; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, kinds[i], 0, pair)) return puts("no pair"), 0;
        TRY(bind(pair[0], (void *)&path, sizeof path));
        TRY(bind(pair[0], (void *)&hidden, 7));
        TRY(connect(pair[0], (void *)&path, sizeof path));
        TRY(connect(pair[0], (void *)&there, sizeof there));
        TRY(listen(pair[0], 1));
        TRY(accept(pair[0], 0, 0));
        if (i == 1) {
            TRY(sendto(pair[0], "x", 1, 0, (void *)&path, sizeof path));
            TRY(sendto(pair[0], "x", 1, 0, (void *)&hidden, 7));
            TRY(sendto(pair[0], "x", 1, 0, (void *)&there, sizeof there));
        }
    }
    for (int family = 0; family < 50; family++) {
        int pair[2];
        if (family != AF_UNIX) TRY(socketpair(family, SOCK_STREAM, 0, pair));
    }
    puts("held");
}
