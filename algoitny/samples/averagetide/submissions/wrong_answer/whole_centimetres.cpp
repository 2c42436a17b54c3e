#include <algorithm>
#include <iostream>
#include <vector>

using namespace std;

int main() {
    int n, k;
    cin >> n >> k;
    vector<int> heights(n);
    for (auto& height : heights) cin >> height;
    int window = 0;
    for (int i = 0; i < k; i++) window += heights[i];
    int best = window;
    for (int i = k; i < n; i++) {
        window += heights[i] - heights[i - k];
        best = max(best, window);
    }
    cout << best / k << endl;
}
