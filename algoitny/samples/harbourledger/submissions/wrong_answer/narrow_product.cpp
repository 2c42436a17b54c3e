#include <iostream>

using namespace std;

int main() {
    int n;
    cin >> n;
    long long total = 0;
    for (int i = 0; i < n; i++) {
        int q, p;
        cin >> q >> p;
        total += q * p;  // the product is an int, however wide the sum is
    }
    cout << total << "\n";
}
