#include <stdio.h>

int heights[20000];

int main(void) {
    int n, k;
    scanf("%d %d", &n, &k);
    for (int i = 0; i < n; i++) scanf("%d", &heights[i]);
    int sum = 0;
    for (int i = 0; i < k; i++) sum += heights[i];
    int best = sum;
    for (int i = k; i < n; i++) {
        sum += heights[i] - heights[i - k];
        if (sum > best) best = sum;
    }
    printf("%.9f\n", (double)best / k);
    return 0;
}
