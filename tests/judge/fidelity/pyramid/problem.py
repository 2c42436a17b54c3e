"""A height: print a pyramid of stars, with the blanks before them and an empty line below."""

CHECKER = "lines"


def tests():
    for n in (1, 3, 20):
        yield f"{n}\n", "".join(" " * (n - i) + "*" * (2 * i - 1) + "\n" for i in range(1, n + 1)) + "\nend\n"
