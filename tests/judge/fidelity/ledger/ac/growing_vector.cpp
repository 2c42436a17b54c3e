#include <iostream>
#include <vector>
int main()
{
    long seed;
    std::cin >> seed;
    std::vector<int> table;
    for (long i = 0; i < 6000000; i++) table.push_back((int)((seed * 1000003 + i * 7919) % 2147483647));
    std::cout << table[3999999];
}
