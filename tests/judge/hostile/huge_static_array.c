// expect: RTE|MLE
// Has an array that is larger than its limit, and touches all of it.
static char all[1900L << 20];
int main(void)
{
    for (long i = 0; i < 1900L << 20; i += 4096) all[i] = 1;
    return all[5];
}
