#include <cstdio>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

int main() {
    int n, m;
    if (std::scanf("%d %d", &n, &m) != 2) return 1;
    std::vector<std::vector<std::pair<int, long long>>> trails(n + 1);
    for (int i = 0; i < m; ++i) {
        int a, b;
        long long toll;
        if (std::scanf("%d %d %lld", &a, &b, &toll) != 3) return 1;
        trails[a].push_back({b, toll});
        trails[b].push_back({a, toll});
    }
    std::vector<long long> paid(n + 1, -1);
    using Offer = std::pair<long long, int>;
    std::priority_queue<Offer, std::vector<Offer>, std::greater<Offer>> offers;
    offers.push({0, 1});
    while (!offers.empty()) {
        const auto [sum, village] = offers.top();
        offers.pop();
        if (paid[village] >= 0) continue;
        paid[village] = sum;
        for (const auto& [there, toll] : trails[village])
            if (paid[there] < 0) offers.push({sum + toll, there});
    }
    std::printf("%lld\n", paid[n]);
}
