// expect: RTE
int deeper(volatile int *p)
{
    volatile int here[256] = { *p };
    return deeper(here) + here[3];
}
int main(void)
{
    int x = 1;
    return deeper(&x);
}
