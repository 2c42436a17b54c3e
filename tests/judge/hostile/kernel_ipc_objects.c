// expect: AC AC
// Shared memory, semaphores and queues of System V and of POSIX outlive those who made them.
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    TRY(shmget(4711, 4096, IPC_CREAT | 0666));
    TRY(shmget(IPC_PRIVATE, 4096, 0666));
    TRY(semget(4711, 1, IPC_CREAT | 0666));
    TRY(msgget(4711, IPC_CREAT | 0666));
    TRY(shmctl(0, IPC_STAT, 0));
    TRY(semctl(0, 0, GETVAL));
    TRY(msgsnd(0, "x", 1, IPC_NOWAIT));
    TRY(syscall(SYS_mq_open, "left", O_CREAT | O_RDWR, 0666, 0));
    TRY(syscall(SYS_mq_unlink, "left"));
    TRY(shm_open("/left", O_CREAT | O_RDWR, 0666));
    if (sem_open("/left", O_CREAT, 0666, 1) != SEM_FAILED) return puts("sem_open"), 0;
    puts("held");
}
