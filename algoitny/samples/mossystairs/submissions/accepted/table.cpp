#include <cstdio>
#include <vector>

int main() {
    const long long modulus = 1'000'000'007;
    int n, m;
    if (std::scanf("%d %d", &n, &m) != 2) return 1;
    std::vector<char> mossy(n + 1, 0);
    for (int step; m > 0 && std::scanf("%d", &step) == 1; --m) mossy[step] = 1;
    std::vector<long long> ways(n + 1, 0);
    ways[0] = 1;
    for (int step = 1; step <= n; ++step)
        for (int jump = 1; jump <= 3 && jump <= step && !mossy[step]; ++jump)
            ways[step] = (ways[step] + ways[step - jump]) % modulus;
    std::printf("%lld\n", ways[n]);
}
