"""Hidden inputs: chains in both directions, stars, brooms, random trees with shuffled numbers."""

import random


def posts(following):
    return f"{len(following)}\n{' '.join(map(str, following))}\n"


def renumbered(following, rng):
    """The same tree with the posts 1..n renamed."""
    names = list(range(1, len(following) + 1))
    rng.shuffle(names)
    names = [0, *names]
    renamed = [0] * len(following)
    for post, target in enumerate(following, 1):
        renamed[names[post] - 1] = names[target]
    return renamed


def inputs():
    rng = random.Random(1008)
    n = 20_000
    down = list(range(n))
    up = [*range(2, 5_001), 0]
    random_tree = [rng.randrange(post) for post in range(1, 4_001)]
    long_tree = [max(0, post - rng.randint(1, 3)) for post in range(1, 3_001)]
    broom = [*range(2_000), *([2_000] * 1_000)]
    return {
        "01-capital-only": "0\n\n",
        "02-one": posts([0]),
        "03-two-in-a-row": posts([2, 0]),
        "04-star": posts([0] * 100),
        "05-binary": posts([(post - 1) // 2 for post in range(1, 128)]),
        "06-short-chain": posts(list(range(900))),
        "07-random-small": posts(renumbered([rng.randrange(p) for p in range(1, 60)], rng)),
        "08-two-arms": posts([0, 0, *range(1, 2_000)]),
        "09-random": posts(renumbered(random_tree, rng)),
        "10-large-star": posts([0] * 10_000),
        "11-chain-down": posts(down),
        "12-chain-up": posts(up),
        "13-broom": posts(renumbered(broom, rng)),
        "14-long-shuffled": posts(renumbered(long_tree, rng)),
    }
