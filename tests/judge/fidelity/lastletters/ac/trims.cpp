#include <iostream>
#include <string>
int main()
{
    std::string line;
    while (std::getline(std::cin, line)) {
        auto end = line.find_last_not_of(" \t\r");
        std::cout << (end == std::string::npos ? '-' : line[end]) << std::endl;
    }
}
