#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char *line = NULL;
    size_t size = 0;
    long sum = 0, first = 1;
    while (getline(&line, &size, stdin) > 0)
        for (char *word = strtok(line, " \t\r\n"); word; word = strtok(NULL, " \t\r\n")) {
            if (!first) sum += atol(word);
            first = 0;
        }
    printf("%ld\n", sum);
}
