#include <iostream>

using namespace std;

int main() {
    long long a, b;
    cin >> a >> b;
    int sum = a + b;
    cout << sum << endl;
}
