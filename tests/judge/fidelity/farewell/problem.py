"""Two numbers: print their sum. What counts here is how a program ends."""


def tests():
    yield "1 2\n", "3\n"
    yield "-5 5\n", "0\n"
