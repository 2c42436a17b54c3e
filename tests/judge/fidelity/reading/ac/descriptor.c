#include <stdio.h>
#include <unistd.h>
int main(void)
{
    char part[7];
    long sum = 0, number = 0, sign = 1, count = 0, digits = 0;
    for (ssize_t n; (n = read(0, part, sizeof part)) > 0;)
        for (ssize_t i = 0; i < n; i++) {
            char c = part[i];
            if (c == '-') sign = -1;
            else if (c >= '0' && c <= '9') number = number * 10 + c - '0', digits++;
            else if (digits) sum += count++ ? sign * number : 0, number = digits = 0, sign = 1;
        }
    if (digits) sum += sign * number;
    printf("%ld\n", sum);
}
