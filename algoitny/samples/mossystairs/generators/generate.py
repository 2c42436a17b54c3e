"""Hidden inputs: single steps, moss at both ends, gaps too wide to jump, and long stairs."""

import random


def stairs(n, mossy=()):
    return f"{n} {len(mossy)}\n{' '.join(map(str, sorted(mossy)))}\n"


def inputs():
    rng = random.Random(1007)
    return {
        "01-one-step": stairs(1),
        "02-one-mossy-step": stairs(1, [1]),
        "03-two-steps": stairs(2),
        "04-first-is-mossy": stairs(5, [1]),
        "05-top-is-mossy": stairs(5, [5]),
        "06-widest-gap": stairs(6, [2, 3]),
        "07-gap-too-wide": stairs(6, [2, 3, 4]),
        "08-all-but-every-third": stairs(30, [i for i in range(1, 31) if i % 3]),
        "09-just-past-the-modulus": stairs(35),
        "10-past-32-bit": stairs(37),
        "11-past-64-bit": stairs(75),
        "12-some-moss": stairs(1_000, rng.sample(range(1, 1_000), 100)),
        "13-no-moss": stairs(100_000),
        "14-long-and-mossy": stairs(100_000, rng.sample(range(10, 99_990, 3), 10_000)),
        "15-gap-at-the-end": stairs(50_000, [49_997, 49_998, 49_999]),
    }
