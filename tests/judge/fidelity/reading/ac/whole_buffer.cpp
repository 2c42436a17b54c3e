#include <iostream>
#include <sstream>
int main()
{
    std::stringstream all;
    all << std::cin.rdbuf();
    int n, x, sum = 0;
    all >> n;
    while (all >> x) sum += x;
    std::cout << sum;
}
