// expect: RTE
// Falls off the end of its stack.
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
