#include <iostream>
int main()
{
    volatile long count = 10000000000000;
    char *table = new char[count];
    std::cout << (void *)table;
}
