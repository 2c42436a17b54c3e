#include <iostream>
#include <vector>

using namespace std;

const int MOD = 1000000007;

int main() {
    int n, m;
    cin >> n >> m;
    vector<bool> mossy(n + 1);
    for (int i = 0; i < m; i++) {
        int step;
        cin >> step;
        mossy[step] = true;
    }
    vector<int> ways(n + 3);
    ways[2] = 1;
    for (int i = 1; i <= n; i++) {
        if (mossy[i]) continue;
        ways[i + 2] = (ways[i + 1] + ways[i] + ways[i - 1]) % MOD;
    }
    cout << ways[n + 2] << endl;
}
