// expect: AC
// Opens as many descriptors as it can, after having asked for more.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/resource.h>
int main(void)
{
    int count = 0;
    struct rlimit more = { 1 << 20, 1 << 20 };
    if (!setrlimit(RLIMIT_NOFILE, &more)) return puts("raised"), 0;
    while (count < 100000 && dup(0) >= 0) count++;
    if (count <= 64) puts("held");
    else printf("%d\n", count);
}
