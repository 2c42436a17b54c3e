// expect: AC
// Opens sockets of every family and kind, and gives a pair a name.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/socket.h>
int main(void)
{
    for (int family = 1; family < 46; family++)
        for (int kind = 1; kind < 6; kind++)
            if (socket(family, kind, 0) >= 0) return printf("socket %d %d", family, kind), 0;
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return puts("no pair either"), 0;
    struct sockaddr name = { .sa_family = AF_UNIX, .sa_data = "\0meet" };
    if (!bind(pair[0], &name, sizeof name)) return puts("bound"), 0;
    puts("held");
}
