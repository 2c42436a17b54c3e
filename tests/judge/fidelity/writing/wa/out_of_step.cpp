#include <cstdio>
#include <iostream>
int main()
{
    std::ios::sync_with_stdio(false);
    int n;
    std::cin >> n;
    for (int i = 1; i <= n; i++)
        if (i % 2) std::cout << i << "\n";
        else printf("%d\n", i);
}
