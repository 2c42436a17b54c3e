#include <algorithm>
#include <cstdio>
#include <numeric>
#include <utility>
#include <vector>

std::vector<int> leader, members;

int find(int village) {
    while (leader[village] != village) village = leader[village] = leader[leader[village]];
    return village;
}

int main() {
    int n, m, largest = 1;
    if (std::scanf("%d %d", &n, &m) != 2) return 1;
    leader.resize(n + 1);
    std::iota(leader.begin(), leader.end(), 0);
    members.assign(n + 1, 1);
    for (int a, b; m > 0 && std::scanf("%d %d", &a, &b) == 2; --m) {
        a = find(a);
        b = find(b);
        if (a != b) {
            if (members[a] < members[b]) std::swap(a, b);
            leader[b] = a;
            members[a] += members[b];
            largest = std::max(largest, members[a]);
        }
        std::printf("%d\n", largest);
    }
}
