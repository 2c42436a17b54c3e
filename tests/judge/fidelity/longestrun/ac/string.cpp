#include <algorithm>
#include <iostream>
#include <string>
int main()
{
    std::string s;
    std::cin >> s;
    int best = 0, run = 0;
    for (size_t i = 0; i < s.size(); i++) best = std::max(best, run = i && s[i] == s[i - 1] ? run + 1 : 1);
    std::cout << best;
}
