#include <iostream>
#include <iterator>
#include <numeric>
int main()
{
    int n;
    std::cin >> n;
    std::cout << std::accumulate(std::istream_iterator<int>(std::cin), {}, 0) << '\n';
}
