"""Hidden inputs: loops, doubled ropes, chains in both directions, trees of equal halves."""

import random


def canyon(n, ropes):
    return f"{n} {len(ropes)}\n" + "".join(f"{a} {b}\n" for a, b in ropes)


def halves(n):
    """Pairs, then pairs of pairs, and so on."""
    step, ropes = 1, []
    while step < n:
        ropes += [(i, i + step) for i in range(1, n + 1 - step, 2 * step)]
        step *= 2
    return ropes


def inputs():
    rng = random.Random(1010)

    def ropes(n, count):
        return [(rng.randint(1, n), rng.randint(1, n)) for _ in range(count)]

    n = 20_000
    chain = [(i, i + 1) for i in range(1, 3_000)]
    backwards = [(i + 1, i) for i in range(3_000 - 1, 0, -1)]
    return {
        "01-one-village": canyon(1, [(1, 1)]),
        "02-two-villages": canyon(2, [(2, 1), (1, 2)]),
        "03-only-loops": canyon(4, [(3, 3)] * 3),
        "04-doubled": canyon(4, [(1, 2), (1, 2), (2, 1), (3, 4), (4, 3)]),
        "05-circle": canyon(6, [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 1)]),
        "06-two-communities": canyon(7, [(1, 2), (2, 3), (4, 5), (5, 6), (6, 7)]),
        "07-largest-changes": canyon(9, [(1, 2), (3, 4), (4, 5), (6, 7), (7, 8), (8, 9), (2, 3)]),
        "08-halves": canyon(512, halves(512)),
        "09-chain": canyon(3_000, [*chain, (1, 3_000), (1, 1)]),
        "10-chain-backwards": canyon(3_000, [*backwards, (3_000, 1), (3_000, 3_000)]),
        "11-star": canyon(1_000, [(500, i) for i in range(1, 1_001)]),
        "12-random-small": canyon(30, ropes(30, 40)),
        "13-random": canyon(1_000, ropes(1_000, 1_200)),
        "14-large": canyon(n, ropes(n, 12_000)),
    }
