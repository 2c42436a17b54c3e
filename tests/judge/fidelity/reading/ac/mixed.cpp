#include <cstdio>
#include <iostream>
int main()
{
    int n, x, sum = 0;
    std::cin >> n;
    for (int i = 0; i < n; i++) {
        if (i % 2) std::cin >> x;
        else if (scanf("%d", &x) != 1) return 1;
        sum += x;
    }
    printf("%d\n", sum);
}
