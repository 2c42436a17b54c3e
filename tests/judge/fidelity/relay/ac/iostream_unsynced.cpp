#include <iostream>
int main()
{
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, x;
    std::cin >> n;
    while (n--) {
        std::cin >> x;
        std::cout << x + 1 << '\n';
    }
}
