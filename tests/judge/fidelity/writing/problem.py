"""A number n: print the numbers from 1 to n, each on a line."""

CHECKER = "lines"


def tests():
    for n in (1, 3000):
        yield f"{n}\n", "".join(f"{i}\n" for i in range(1, n + 1))
