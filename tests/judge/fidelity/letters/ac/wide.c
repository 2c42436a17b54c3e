#include <locale.h>
#include <stdio.h>
#include <wchar.h>
int main(void)
{
    wchar_t line[1000];
    setlocale(LC_ALL, "");
    if (!fgetws(line, 1000, stdin)) return 1;
    int n = (int)wcslen(line) - 1;
    wprintf(L"%d\n", n);
    while (n--) putwchar(line[n]);
    putwchar(L'\n');
}
