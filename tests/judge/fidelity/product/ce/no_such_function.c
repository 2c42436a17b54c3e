int main(void)
{
    return multiply(3, 4);
}
