#include <stdint.h>
#include <stdio.h>

static uint32_t ways[100004];
static char mossy[100004];

int main(void) {
    const uint32_t modulus = 1000000007u;
    int n, m, step;
    if (scanf("%d %d", &n, &m) != 2) return 1;
    while (m-- > 0 && scanf("%d", &step) == 1) mossy[step] = 1;
    ways[0] = 1;
    for (int from = 0; from < n; from++) {
        if (mossy[from]) continue;
        for (int to = from + 1; to <= from + 3; to++) ways[to] = (ways[to] + ways[from]) % modulus;
    }
    printf("%u\n", mossy[n] ? 0 : ways[n]);
    return 0;
}
