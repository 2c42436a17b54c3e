#include <cstdio>

int main() {
    int n;
    if (std::scanf("%d", &n) != 1) return 1;
    long long left = 0;
    for (int i = 0; i < n; ++i) {
        long long pieces, worth;
        if (std::scanf("%lld %lld", &pieces, &worth) != 2) return 1;
        left += pieces * worth;
    }
    std::printf("%lld\n", left);
}
