#include <iostream>
#include <string>
int main()
{
    std::string line;
    while (std::getline(std::cin, line)) {
        auto end = line.find_last_not_of(' ');
        std::cout << (end == std::string::npos ? '-' : line[end]) << '\n';
    }
}
