// expect: AC
// Counts how many threads it may have.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *wait_for_ever(void *unused) { for (;;) pause(); return unused; }
int main(void)
{
    int count = 0;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (pthread_t t; count < 10000 && !pthread_create(&t, &small, wait_for_ever, 0); count++) {}
    if (count >= 8 && count <= 32) puts("held");
    else printf("%d threads\n", count);
    fflush(stdout);
    _exit(0);
}
