// expect: OLE
#include <stdio.h>
int main(void)
{
    for (;;) puts("held held held held held held held held held held held held held held");
}
