"""Hidden inputs: nothing to walk, free trails, detours that pay, sums past 32 bit, long chains."""

import random


def mountains(n, trails):
    return f"{n} {len(trails)}\n" + "".join(f"{a} {b} {t}\n" for a, b, t in trails)


def inputs():
    rng = random.Random(1011)
    billion = 10**9

    def trails(n, count, most):
        return [
            (rng.randint(1, n), rng.randint(1, n), rng.randint(0, most)) for _ in range(count)
        ]

    def connected(n, extra, most):
        """A random tree, so that everything can be reached, and some trails more."""
        tree = [(rng.randint(max(1, i - 9), i - 1), i, rng.randint(0, most)) for i in range(2, n + 1)]
        found = [*tree, *trails(n, extra, most)]
        rng.shuffle(found)
        return found

    detour = [(1, 20, 100), *[(i, i + 1, 5) for i in range(1, 20)]]
    chain = [(i + 1, i, billion - i) for i in range(1, 6_000)]
    rng.shuffle(chain)
    return {
        "01-already-there": mountains(1, []),
        "02-no-trail": mountains(2, []),
        "03-one-trail": mountains(2, [(2, 1, 9)]),
        "04-round-trip": mountains(2, [(1, 1, 1), (2, 2, 0), (1, 2, 4)]),
        "05-several-trails": mountains(2, [(1, 2, 8), (2, 1, 3), (1, 2, 5)]),
        "06-free": mountains(4, [(1, 2, 0), (2, 3, 0), (3, 4, 0)]),
        "07-detour-pays": mountains(20, detour),
        "08-cheap-start-dear-end": mountains(4, [(1, 2, 1), (2, 4, 100), (1, 3, 50), (3, 4, 2)]),
        "09-two-parts": mountains(8, [(1, 2, 1), (2, 3, 1), (5, 6, 1), (6, 8, 1)]),
        "10-past-32-bit": mountains(4, [(1, 2, billion), (2, 3, billion), (3, 4, billion)]),
        "11-random-small": mountains(12, trails(12, 20, 30)),
        "12-random": mountains(500, connected(500, 400, billion)),
        "13-all-equal": mountains(800, connected(800, 500, 0)),
        "14-long-chain": mountains(6_000, chain),
    }
