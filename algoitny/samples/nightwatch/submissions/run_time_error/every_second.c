#include <stdio.h>

static int change[20000001];

int main(void) {
    int n, s, e, now = 0, most = 0;
    scanf("%d", &n);
    for (int i = 0; i < n; i++) {
        scanf("%d %d", &s, &e);
        change[s]++;
        change[e]--;
    }
    for (int t = 0; t <= 20000000; t++) {
        change[t] = now += change[t];
        if (now > most) most = now;
    }
    printf("%d\n", most);
    return 0;
}
