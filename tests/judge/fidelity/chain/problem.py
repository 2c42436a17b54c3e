"""A number n up to 100,000 and, for each but the first of n links, the one that it hangs on: print the
depth of the deepest."""

LIMITS = {"time_ms": 2000}


def tests():
    yield "1\n\n", "1\n"
    yield "5\n1 1 2 4\n", "4\n"
    yield "100000\n" + " ".join(map(str, range(1, 100_000))) + "\n", "100000\n"
