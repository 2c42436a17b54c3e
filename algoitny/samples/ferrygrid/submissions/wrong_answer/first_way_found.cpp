#include <iostream>
#include <stack>
#include <string>
#include <utility>
#include <vector>

using namespace std;

int main() {
    int r, c;
    cin >> r >> c;
    vector<string> lake(r);
    vector<vector<int>> minutes(r, vector<int>(c, -1));
    stack<pair<int, int>> todo;
    int answer = -1;
    for (int y = 0; y < r; y++) {
        cin >> lake[y];
        for (int x = 0; x < c; x++)
            if (lake[y][x] == 'S') todo.push({y, x}), minutes[y][x] = 0;
    }
    while (!todo.empty()) {
        auto [y, x] = todo.top();
        todo.pop();
        if (lake[y][x] == 'T') answer = minutes[y][x];
        int dy[] = {0, 0, -1, 1}, dx[] = {-1, 1, 0, 0};
        for (int d = 0; d < 4; d++) {
            int p = y + dy[d], q = x + dx[d];
            if (p < 0 || q < 0 || p >= r || q >= c || lake[p][q] == '#') continue;
            if (minutes[p][q] != -1) continue;
            minutes[p][q] = minutes[y][x] + 1;
            todo.push({p, q});
        }
    }
    if (answer < 0) cout << "ASHORE" << endl;
    else cout << answer << endl;
}
