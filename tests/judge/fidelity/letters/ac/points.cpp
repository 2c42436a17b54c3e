#include <clocale>
#include <iostream>
#include <locale>
#include <string>
int main()
{
    std::locale::global(std::locale("C.UTF-8"));
    std::wcin.imbue(std::locale());
    std::wcout.imbue(std::locale());
    std::wstring line;
    std::getline(std::wcin, line);
    std::wcout << line.size() << L'\n' << std::wstring(line.rbegin(), line.rend()) << std::endl;
}
