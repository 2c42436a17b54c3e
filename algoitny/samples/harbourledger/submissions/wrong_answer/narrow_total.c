#include <stdio.h>

int main(void) {
    int n, total = 0;
    scanf("%d", &n);
    for (int i = 0; i < n; i++) {
        int q, p;
        scanf("%d %d", &q, &p);
        total += q * p;
    }
    printf("%d\n", total);
    return 0;
}
