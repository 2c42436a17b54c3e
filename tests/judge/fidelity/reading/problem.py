"""A count and so many numbers, with any white space between them: print their sum."""


def tests():
    yield "3\n1 2 3\n", "6\n"
    yield "4\r\n1\t2\r\n\r\n  3   \r\n4", "10\n"
    yield "1\n\n\n-5\n\n\n", "-5\n"
    yield "20000\n" + "\n".join(" ".join(map(str, range(n, n + 10))) for n in range(0, 20_000, 10)), "199990000\n"
