// expect: AC
// The end of the input must come although nobody reads or writes anything else.
#include <stdio.h>
int main(void)
{
    while (getchar() != EOF) {}
    puts("held");
}
