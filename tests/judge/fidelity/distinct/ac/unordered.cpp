#include <iostream>
#include <string>
#include <unordered_set>
int main()
{
    std::unordered_set<std::string> all;
    for (std::string word; std::cin >> word;) all.insert(word);
    for (auto &word : all) std::cout << word << '\n';
}
