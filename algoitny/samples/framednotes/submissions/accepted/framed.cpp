#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

int main() {
    std::string line;
    std::getline(std::cin, line);
    std::vector<std::string> note(std::stoi(line));
    std::size_t width = 0;
    for (auto& text : note) {
        std::getline(std::cin, text);
        width = std::max(width, text.size());
    }
    const std::string border(width + 4, '#');
    std::cout << border << '\n';
    for (auto& text : note) {
        text.resize(width, ' ');
        std::cout << "# " << text << " #\n";
    }
    std::cout << border << '\n';
}
