"""Hidden inputs: turns that touch, nest, or are equal; the whole range of seconds; many turns."""

import random

LAST = 20_000_000


def book(turns):
    return f"{len(turns)}\n" + "".join(f"{start} {end}\n" for start, end in turns)


def inputs():
    rng = random.Random(1006)

    def turns(count, longest, last=LAST):
        found = []
        for _ in range(count):
            start = rng.randrange(0, last - longest)
            found.append((start, start + rng.randint(1, longest)))
        return found

    touching = [(10 * i, 10 * i + 10) for i in range(500)]
    rng.shuffle(touching)
    return {
        "01-nobody": "0\n",
        "02-one": book([(0, 1)]),
        "03-whole-range": book([(0, LAST)]),
        "04-equal": book([(3, 9)] * 7),
        "05-touching": book(touching),
        "06-nested": book([(i, 400 - i) for i in range(150)]),
        "07-busiest-first": book([(0, 2), (0, 2), (0, 3), (5, 9)]),
        "08-busiest-last": book([(1, 2), (LAST - 1, LAST), (LAST - 2, LAST)]),
        "09-late": book([(LAST - 1 - i, LAST) for i in range(30)]),
        "10-unsorted": book([(50, 60), (10, 55), (20, 30), (0, 51)]),
        "11-random": book(turns(300, 40, last=500)),
        "12-many-short": book(turns(1_500, 100)),
        "13-many-long": book(turns(8_000, 9_000_000)),
        "14-many-equal": book([(7, 19_999_999)] * 1_500),
    }
