// expect: AC
// Looks for memory that shows in no process.
#define _GNU_SOURCE
#include <stdio.h>
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    if (mmap(0, 4096, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) return puts("shared"), 0;
    if (mmap(0, 4096, 3, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        return puts("validated"), 0;
    if (memfd_create("x", 0) >= 0) return puts("memfd"), 0;
    if (syscall(447, 0) >= 0) return puts("secret memfd"), 0;
    if (shmget(IPC_PRIVATE, 4096, 0600 | IPC_CREAT) >= 0) return puts("shm"), 0;
    int zero = open("/dev/zero", O_RDWR);
    if (zero >= 0) return puts("/dev/zero"), 0;
    puts("held");
}
