"""Numbers, perhaps none: print the even ones, perhaps none, each on a line."""


def tests():
    yield "", ""
    yield "\n", ""
    yield "1 3 5\n", ""
    yield "2\n4 5\n\n-6", "2\n4\n-6\n"
