#include <iostream>
#include <sstream>
int main()
{
    int n;
    std::cin >> n;
    std::ostringstream text;
    for (int i = 1; i <= n; i++) text << i << std::endl;
    std::cout << text.str();
    std::cerr << "done" << std::endl;
    std::clog << "logged";
}
