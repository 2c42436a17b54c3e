#include <iostream>
#include <unordered_map>

using namespace std;

int main() {
    int n, w;
    cin >> n >> w;
    unordered_map<int, int> seen;
    int pairs = 0;
    for (int i = 0; i < n; i++) {
        int weight;
        cin >> weight;
        auto other = seen.find(w - weight);
        if (other != seen.end()) pairs += other->second;
        seen[weight]++;
    }
    cout << pairs << "\n";
}
