#include <iostream>
#include <queue>
#include <string>
#include <utility>
#include <vector>

int main() {
    int r, c;
    std::cin >> r >> c;
    std::vector<std::string> lake(r);
    std::vector<std::vector<int>> minutes(r, std::vector<int>(c, -1));
    std::queue<std::pair<int, int>> waiting;
    for (int row = 0; row < r; ++row) {
        std::cin >> lake[row];
        for (int column = 0; column < c; ++column)
            if (lake[row][column] == 'S') {
                minutes[row][column] = 0;
                waiting.push({row, column});
            }
    }
    const int down[] = {1, -1, 0, 0}, right[] = {0, 0, 1, -1};
    while (!waiting.empty()) {
        const auto [row, column] = waiting.front();
        waiting.pop();
        if (lake[row][column] == 'T') {
            std::cout << minutes[row][column] << '\n';
            return 0;
        }
        for (int way = 0; way < 4; ++way) {
            const int y = row + down[way], x = column + right[way];
            if (y < 0 || y >= r || x < 0 || x >= c) continue;
            if (lake[y][x] == '#' || minutes[y][x] >= 0) continue;
            minutes[y][x] = minutes[row][column] + 1;
            waiting.push({y, x});
        }
    }
    std::cout << "ASHORE\n";
}
