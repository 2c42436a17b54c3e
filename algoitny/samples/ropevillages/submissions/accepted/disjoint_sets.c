#include <stdio.h>

/* Negative: the leader of so many villages; else who leads on. */
static int next[20001];

static int find(int village) {
    int top = village;
    while (next[top] >= 0) top = next[top];
    while (village != top) {
        int after = next[village];
        next[village] = top;
        village = after;
    }
    return top;
}

int main(void) {
    int n, m, a, b, largest = 1;
    if (scanf("%d %d", &n, &m) != 2) return 1;
    for (int i = 1; i <= n; i++) next[i] = -1;
    while (m-- > 0 && scanf("%d %d", &a, &b) == 2) {
        a = find(a);
        b = find(b);
        if (a != b) {
            next[a] += next[b];
            next[b] = a;
            if (-next[a] > largest) largest = -next[a];
        }
        printf("%d\n", largest);
    }
    return 0;
}
