#include <iostream>
#include <numeric>
#include <vector>

using namespace std;

vector<int> leader, members;

int find(int x) { return leader[x] == x ? x : leader[x] = find(leader[x]); }

int main() {
    int n, m;
    cin >> n >> m;
    leader.resize(n + 1);
    iota(leader.begin(), leader.end(), 0);
    members.assign(n + 1, 1);
    for (int i = 0; i < m; i++) {
        int a, b;
        cin >> a >> b;
        a = find(a);
        b = find(b);
        if (a != b) {
            leader[b] = a;
            members[a] += members[b];
        }
        cout << members[a] << "\n";
    }
}
