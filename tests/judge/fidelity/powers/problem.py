"""A number n up to 12,000: print 3 to the power of n, in full."""

import sys

sys.set_int_max_str_digits(0)
LIMITS = {"time_ms": 2000}


def tests():
    for n in (0, 1, 41, 700, 12_000):
        yield f"{n}\n", f"{3**n}\n"
