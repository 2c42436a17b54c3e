#include <iostream>
int main()
{
    int best = -1;
    for (int n; std::cin >> n;) std::cout << (best = std::max(n, best)) << std::endl;
}
