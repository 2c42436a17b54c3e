#include <algorithm>
#include <cctype>
#include <iostream>
#include <string>

using namespace std;

int main() {
    int n;
    cin >> n;
    cin.ignore();
    while (n--) {
        string sign;
        getline(cin, sign);
        for (auto& letter : sign) letter = tolower(letter);
        cout << (equal(sign.begin(), sign.end(), sign.rbegin()) ? "yes" : "no") << endl;
    }
}
