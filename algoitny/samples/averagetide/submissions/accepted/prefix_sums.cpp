#include <algorithm>
#include <cstdio>
#include <vector>

int main() {
    int n, k;
    if (std::scanf("%d %d", &n, &k) != 2) return 1;
    std::vector<long long> prefix(n + 1, 0);
    for (int i = 1; i <= n; ++i) {
        int height;
        if (std::scanf("%d", &height) != 1) return 1;
        prefix[i] = prefix[i - 1] + height;
    }
    long long best = prefix[k];
    for (int i = k; i <= n; ++i) best = std::max(best, prefix[i] - prefix[i - k]);
    std::printf("%.9f\n", static_cast<double>(best) / k);
}
