"""A count, then so many numbers, one a line: print each plus one. Five megabytes in and out."""

LIMITS = {"time_ms": 3000}


def tests():
    for numbers in ([1, -1, 0], [], [999_999_999], range(1_000_000, 1_700_000)):
        yield "".join(f"{n}\n" for n in (len(numbers), *numbers)), "".join(f"{n + 1}\n" for n in numbers)
