#include <cmath>
#include <iostream>
int main()
{
    int n;
    double x;
    std::cin >> n;
    while (n-- && std::cin >> x) std::cout << std::sqrt(x) << "\n";
}
