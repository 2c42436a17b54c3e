// expect: OLE
// Writes for ever.
#include <stdio.h>
int main(void)
{
    for (;;) puts("held held held held held held held held held held held held held held");
}
