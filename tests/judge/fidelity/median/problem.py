"""Up to 300,001 numbers, an odd count of them: print the one in the middle of their order."""

LIMITS = {"time_ms": 1500}


def tests():
    for numbers in ([7], [9, 10, 11], [-3, 100, 20], [(n * 48_271) % 1_000_003 for n in range(1, 300_002)]):
        yield f"{len(numbers)}\n{' '.join(map(str, numbers))}\n", f"{sorted(numbers)[len(numbers) // 2]}\n"
