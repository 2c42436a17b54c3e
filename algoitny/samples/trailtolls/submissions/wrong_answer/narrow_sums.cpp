#include <iostream>
#include <vector>

using namespace std;

struct Trail {
    int a, b, toll;
};

int main() {
    int n, m;
    cin >> n >> m;
    vector<Trail> trails;
    while (m--) {
        int a, b, t;
        cin >> a >> b >> t;
        trails.push_back({a, b, t});
        trails.push_back({b, a, t});
    }
    const int INF = 2147483647;
    vector<int> cost(n + 1, INF);
    cost[1] = 0;
    bool changed = true;
    for (int round = 1; round < n && changed; round++) {
        changed = false;
        for (auto& [a, b, toll] : trails) {
            if (cost[a] == INF || cost[a] + toll >= cost[b]) continue;
            cost[b] = cost[a] + toll;
            changed = true;
        }
    }
    cout << (cost[n] == INF ? -1 : cost[n]) << endl;
}
