"""A seed: fill a table of six million numbers from it, then print the one in the middle of those that a
second pass over the table picks. Sixty-four megabytes, of which the table is twenty-four."""

COUNT = 6_000_000
LIMITS = {"time_ms": 6000, "memory_mb": 64}


def tests():
    yield "7\n", f"{value(7, 3_999_999)}\n"


def value(seed, at):
    return (seed * 1_000_003 + at * 7919) % 2_147_483_647
