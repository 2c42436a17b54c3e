#include <iostream>
int main()
{
    for (int n; std::cin >> n;)
        if (!(n & 1)) std::cout << n << std::endl;
}
