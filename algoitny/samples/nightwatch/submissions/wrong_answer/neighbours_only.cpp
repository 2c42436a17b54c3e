#include <algorithm>
#include <iostream>
#include <vector>

using namespace std;

int main() {
    int n;
    cin >> n;
    vector<pair<int, int>> turns(n);
    for (auto& [s, e] : turns) cin >> s >> e;
    sort(turns.begin(), turns.end());
    int now = n > 0, most = now;
    for (int i = 1; i < n; i++) {
        now = turns[i].first < turns[i - 1].second ? now + 1 : 1;
        most = max(most, now);
    }
    cout << most << endl;
}
