#include <algorithm>
#include <iostream>
#include <vector>

using namespace std;

vector<vector<int>> senders;
int leaves = 0;

int longest(int post) {
    int best = 0;
    for (int sender : senders[post]) best = max(best, longest(sender) + 1);
    if (senders[post].empty()) leaves++;
    return best;
}

int main() {
    int n;
    cin >> n;
    senders.resize(n + 1);
    for (int i = 1; i <= n; i++) {
        int target;
        cin >> target;
        senders[target].push_back(i);
    }
    int best = longest(0);
    cout << best << " " << leaves << endl;
}
