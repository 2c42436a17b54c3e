#include <stdio.h>
#include <string.h>
int main(void)
{
    char line[1000];
    fgets(line, sizeof line, stdin);
    int n = (int)strcspn(line, "\n");
    printf("%d\n", n);
    while (n--) putchar(line[n]);
}
