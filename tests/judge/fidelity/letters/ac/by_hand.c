#include <stdio.h>
#include <string.h>
int main(void)
{
    char line[1000];
    int count = 0;
    fgets(line, sizeof line, stdin);
    line[strcspn(line, "\n")] = 0;
    int n = (int)strlen(line);
    for (int i = 0; i < n; i++) count += (line[i] & 0xC0) != 0x80;
    printf("%d\n", count);
    for (int end = n; end > 0;) {
        int start = end - 1;
        while ((line[start] & 0xC0) == 0x80) start--;
        printf("%.*s", end - start, line + start);
        end = start;
    }
    puts("");
}
