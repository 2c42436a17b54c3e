// expect: OLE
// Writes zeros for ever.
#include <unistd.h>
static char block[1 << 16];
int main(void)
{
    for (;;) if (write(1, block, sizeof block) < 0) return 1;
}
