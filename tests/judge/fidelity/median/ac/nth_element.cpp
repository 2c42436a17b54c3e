#include <algorithm>
#include <iostream>
#include <vector>
int main()
{
    int n;
    std::cin >> n;
    std::vector<int> x(n);
    for (int &value : x) std::cin >> value;
    std::nth_element(x.begin(), x.begin() + n / 2, x.end());
    std::cout << x[n / 2] << std::endl;
}
