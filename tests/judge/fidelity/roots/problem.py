"""Numbers in all notations that there are: print the square root of each, to within 1e-9."""

CHECKER = "floats 1e-9"


def tests():
    yield "5\n1e3 .25 +2. 0 1e12\n", "31.622776601683793\n0.5\n1.4142135623730951\n0\n1000000\n"
    yield "3\n2E+0\n0.0001 123456.789\n", "1.4142135623730951 0.01 351.36418286444623\n"
