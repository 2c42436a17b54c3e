"""A number n and n numbers: print their sum, found in several threads."""

LIMITS = {"time_ms": 1000, "wall_ms": 1500}


def tests():
    for numbers in ([5], range(1000), [(-1) ** n * n for n in range(5000)]):
        yield f"{len(numbers)}\n{' '.join(map(str, numbers))}\n", f"{sum(numbers)}\n"
