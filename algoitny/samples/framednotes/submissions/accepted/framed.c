#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char note[200][64];

static void border(int width) {
    for (int i = 0; i < width + 4; i++) putchar('#');
    putchar('\n');
}

int main(void) {
    char first[16];
    int n, width = 0;
    if (!fgets(first, sizeof first, stdin)) return 1;
    n = atoi(first);
    for (int i = 0; i < n; i++) {
        if (!fgets(note[i], sizeof note[i], stdin)) return 1;
        int length = (int)strcspn(note[i], "\n");
        note[i][length] = '\0';
        if (length > width) width = length;
    }
    border(width);
    for (int i = 0; i < n; i++) printf("# %-*s #\n", width, note[i]);
    border(width);
    return 0;
}
