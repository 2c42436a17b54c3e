// expect: AC
// Moves pages between pipes and memory: uncounted, and a favourite of exploits.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    static char page[4096];
    struct iovec part = { page, sizeof page };
    int one[2], two[2], file = open("/proc/self/exe", O_RDONLY);
    if (pipe(one) || pipe(two) || write(one[1], "x", 1) != 1) return 1;
    TRY(vmsplice(one[1], &part, 1, SPLICE_F_GIFT));
    TRY(tee(one[0], two[1], 1, 0));
    TRY(splice(one[0], 0, two[1], 0, 1, 0));
    TRY(splice(file, 0, one[1], 0, 4096, 0));
    puts("held");
}
