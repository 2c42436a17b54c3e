#include <stdio.h>
#include <stdint.h>
static uint32_t limb[1000];
int main(void)
{
    int n, used = 1;
    if (scanf("%d", &n) != 1) return 1;
    limb[0] = 1;
    while (n--) {
        uint64_t carry = 0;
        for (int i = 0; i < used; i++) {
            carry += 3ULL * limb[i];
            limb[i] = carry % 1000000000;
            carry /= 1000000000;
        }
        if (carry) limb[used++] = carry;
    }
    printf("%u", limb[used - 1]);
    for (int i = used - 2; i >= 0; i--) printf("%09u", limb[i]);
    puts("");
}
