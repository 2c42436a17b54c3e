// expect: MLE
// Spreads it over its children.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void)
{
    for (int i = 0; i < 12; i++)
        if (!fork()) break;
    char *p = malloc(16 << 20);
    for (long i = 0; i < 16 << 20; i += 4096) ((volatile char *)p)[i] = 1;
    sleep(30);
}
