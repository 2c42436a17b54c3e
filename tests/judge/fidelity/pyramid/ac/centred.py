n = int(input())
print("\n".join(("*" * (2 * i - 1)).center(2 * n - 1) for i in range(1, n + 1)), "", "end", sep="\n", end="")
