#include <functional>
#include <iostream>
#include <vector>
int main()
{
    int n, best = 1;
    std::cin >> n;
    std::vector<std::vector<int>> down(n + 1);
    for (int i = 2, up; i <= n; i++) {
        std::cin >> up;
        down[up].push_back(i);
    }
    std::function<void(int, int)> visit = [&](int i, int depth) {
        best = std::max(best, depth);
        for (int j : down[i]) visit(j, depth + 1);
    };
    visit(1, 1);
    std::cout << best << '\n';
}
