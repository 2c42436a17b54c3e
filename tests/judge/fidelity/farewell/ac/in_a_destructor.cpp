#include <iostream>
struct Last {
    int sum = 0;
    ~Last() { std::cout << sum << std::endl; }
} last;
int main()
{
    int a, b;
    std::cin >> a >> b;
    last.sum = a + b;
    exit(0);
}
