#include <iostream>
#include <string>
int main()
{
    std::string a = 5 * "x";
    std::cout << a;
}
