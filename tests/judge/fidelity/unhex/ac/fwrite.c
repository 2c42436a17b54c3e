#include <stdio.h>
int main(void)
{
    for (unsigned b; scanf("%2x", &b) == 1;) {
        unsigned char byte = b;
        fwrite(&byte, 1, 1, stdout);
    }
}
