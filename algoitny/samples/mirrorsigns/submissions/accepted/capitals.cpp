#include <algorithm>
#include <cctype>
#include <iostream>
#include <string>

int main() {
    std::string line;
    std::getline(std::cin, line);
    for (int n = std::stoi(line); n > 0; --n) {
        std::getline(std::cin, line);
        std::string letters;
        for (char sign : line)
            if (sign != ' ') letters += static_cast<char>(std::toupper(sign));
        const bool mirror = std::equal(letters.begin(), letters.end(), letters.rbegin());
        std::cout << (mirror ? "YES" : "NO") << '\n';
    }
}
