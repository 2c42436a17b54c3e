#include <inttypes.h>
#include <stdio.h>

int main(void) {
    int n;
    int64_t left = 0;
    if (scanf("%d", &n) != 1) return 1;
    while (n-- > 0) {
        int32_t pieces, worth;
        if (scanf("%" SCNd32 " %" SCNd32, &pieces, &worth) != 2) return 1;
        left += (int64_t)pieces * worth;
    }
    printf("%" PRId64 "\n", left);
    return 0;
}
