#include <future>
#include <iostream>
#include <numeric>
#include <thread>
#include <vector>
int main()
{
    size_t n;
    std::cin >> n;
    std::vector<long> x(n);
    for (auto &value : x) std::cin >> value;
    auto middle = x.begin() + n / 2;
    auto first = std::async(std::launch::async, [&] { return std::accumulate(x.begin(), middle, 0L); });
    long second = 0;
    std::thread other([&] { second = std::accumulate(middle, x.end(), 0L); });
    other.join();
    std::cout << first.get() + second << '\n';
}
