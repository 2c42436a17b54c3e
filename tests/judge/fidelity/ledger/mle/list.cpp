#include <iostream>
#include <iterator>
#include <list>
int main()
{
    long seed;
    std::cin >> seed;
    std::list<long> table;
    for (long i = 0; i < 6000000; i++) table.push_back((seed * 1000003 + i * 7919) % 2147483647);
    std::cout << *std::next(table.begin(), 3999999);
}
