#include <iostream>
#include <string>
int main()
{
    std::string s, out;
    std::cin >> s;
    for (size_t i = 0; i + 1 < s.size(); i += 2) out += static_cast<char>(std::stoi(s.substr(i, 2), nullptr, 16));
    std::cout.write(out.data(), static_cast<std::streamsize>(out.size()));
}
