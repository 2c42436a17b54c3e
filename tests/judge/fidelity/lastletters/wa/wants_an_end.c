#include <stdio.h>
int main(void)
{
    int last = '-';
    for (int c; (c = getchar()) != EOF;)
        if (c == '\n') {
            printf("%c\n", last);
            last = '-';
        } else if (c != ' ' && c != '\t' && c != '\r') {
            last = c;
        }
}
