#include <algorithm>
#include <cstdio>
#include <vector>

int main() {
    int n;
    if (std::scanf("%d", &n) != 1) return 1;
    std::vector<int> next(n + 1, 0), distance(n + 1, -1);
    for (int i = 1; i <= n; ++i)
        if (std::scanf("%d", &next[i]) != 1) return 1;
    distance[0] = 0;
    std::vector<int> way;
    for (int i = 1; i <= n; ++i) {
        for (int post = i; distance[post] < 0; post = next[post]) way.push_back(post);
        while (!way.empty()) {
            distance[way.back()] = distance[next[way.back()]] + 1;
            way.pop_back();
        }
    }
    int farthest = *std::max_element(distance.begin(), distance.end());
    std::printf("%d %d\n", farthest,
                static_cast<int>(std::count(distance.begin(), distance.end(), farthest)));
}
