// expect: AC
// Writes 64 MiB of errors: they are read, cut, and no reason for a verdict.
#include <string.h>
#include <unistd.h>
static char block[1 << 20];
int main(void)
{
    memset(block, 'e', sizeof block);
    for (int i = 0; i < 64; i++)
        if (write(2, block, sizeof block) < 0) return 1;
    if (write(1, "held\n", 5) < 0) return 1;
}
