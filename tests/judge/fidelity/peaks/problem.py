"""Thirty thousand numbers, one a line: after each print the greatest until then, at once."""

LIMITS = {"time_ms": 2000}


def tests():
    for numbers in ([3], [5, 1, 7, 7, 2], [(n * 7919) % 100_003 for n in range(30_000)]):
        answer, best = [], numbers[0]
        for number in numbers:
            best = max(best, number)
            answer.append(f"{best}\n")
        yield "".join(f"{n}\n" for n in numbers), "".join(answer)
