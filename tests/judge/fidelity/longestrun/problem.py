"""One line of up to four million letters: print the length of the longest run of one letter."""

LIMITS = {"time_ms": 2000, "memory_mb": 128}


def tests():
    yield "a\n", "1\n"
    yield "aabbbacc", "3\n"
    yield "abcde" * 12_000 + "z" * 200_000 + "ab" * 1_870_000 + "\n", "200000\n"
