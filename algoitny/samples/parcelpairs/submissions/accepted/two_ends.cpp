#include <algorithm>
#include <cstdio>
#include <vector>

int main() {
    int n;
    long long w;
    if (std::scanf("%d %lld", &n, &w) != 2) return 1;
    std::vector<long long> weights(n);
    for (auto& weight : weights)
        if (std::scanf("%lld", &weight) != 1) return 1;
    std::sort(weights.begin(), weights.end());
    long long pairs = 0;
    int low = 0, high = n - 1;
    while (low < high) {
        long long sum = weights[low] + weights[high];
        if (sum < w) {
            ++low;
        } else if (sum > w) {
            --high;
        } else if (weights[low] == weights[high]) {
            long long same = high - low + 1;
            pairs += same * (same - 1) / 2;
            break;
        } else {
            long long left = 1, right = 1;
            while (weights[low + left] == weights[low]) ++left;
            while (weights[high - right] == weights[high]) ++right;
            pairs += left * right;
            low += left;
            high -= right;
        }
    }
    std::printf("%lld\n", pairs);
}
