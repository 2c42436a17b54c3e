#include <cmath>
#include <iomanip>
#include <iostream>
int main()
{
    int n;
    double x;
    std::cin >> n;
    std::cout << std::scientific << std::setprecision(12);
    while (n-- && std::cin >> x) std::cout << std::sqrt(x) << std::endl;
}
