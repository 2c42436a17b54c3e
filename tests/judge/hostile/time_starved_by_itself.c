// expect: TLE|ILE
// limits: time_ms=400 wall_ms=600
// Waits for the processor only because of its own threads, to have that time taken off the clock.
#include <pthread.h>
#include <sched.h>
#include <unistd.h>
static void *wait_a_lot(void *unused)
{
    for (;;) {
        for (int i = 0; i < 3; i++) sched_yield();
        usleep(1000);
    }
    return unused;
}
int main(void)
{
    pthread_t t;
    for (int i = 0; i < 24; i++) pthread_create(&t, 0, wait_a_lot, 0);
    for (;;) pause();
}
