// expect: MLE
// Spreads it over the stacks of its threads.
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static void *fill(void *unused)
{
    char here[7 << 20];
    memset(here, 1, sizeof here);
    __asm__ volatile("" : : "r"(here) : "memory");
    usleep(300000);
    return unused;
}
int main(void)
{
    pthread_t t[12];
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 8 << 20);
    for (int i = 0; i < 12; i++) pthread_create(&t[i], &a, fill, 0);
    for (int i = 0; i < 12; i++) pthread_join(t[i], 0);
    puts("held");
}
