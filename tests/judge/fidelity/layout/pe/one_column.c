#include <stdio.h>
int main(void)
{
    char word[100];
    scanf("%s", word);
    while (scanf("%99s", word) == 1) puts(word);
}
