// expect: AC
// Files in memory: they hold what no process shows, and run what nobody has looked at.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    for (unsigned flags = 0; flags < 32; flags++) TRY(memfd_create("held", flags));
    TRY(syscall(447, 0));
    TRY(open("/dev/shm", O_TMPFILE | O_RDWR, 0600));
    TRY(open("/dev/udmabuf", O_RDWR));
    TRY(open("/box", O_TMPFILE | O_RDWR, 0600));
    TRY(open("/", O_TMPFILE | O_RDWR, 0600));
    puts("held");
}
