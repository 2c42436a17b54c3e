#include <algorithm>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

using namespace std;

int main() {
    int n;
    cin >> n;
    vector<string> note(n);
    int width = 0;
    for (auto& line : note) {
        cin >> line;
        width = max(width, (int)line.size());
    }
    cout << string(width + 4, '#') << "\n";
    for (auto& line : note) cout << "# " << left << setw(width) << line << " #\n";
    cout << string(width + 4, '#') << "\n";
}
