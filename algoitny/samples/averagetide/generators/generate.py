"""Hidden inputs: windows of one and of all, only negative heights, ties, and long gauges."""

import random


def gauge(heights, k):
    return f"{len(heights)} {k}\n{' '.join(map(str, heights))}\n"


def inputs():
    rng = random.Random(1004)
    million = 10**6

    def heights(count, least, most):
        return [rng.randint(least, most) for _ in range(count)]

    tide = [round(300 * ((hour % 12) - 6) / 6) for hour in range(2000)]
    return {
        "01-one-hour": gauge([7], 1),
        "02-one-hour-negative": gauge([-7], 1),
        "03-zero": gauge([0, 0, 0], 2),
        "04-window-of-one": gauge([3, -8, 12, 5], 1),
        "05-window-of-all": gauge([3, -8, 12, 6], 4),
        "06-all-negative": gauge([-5, -3, -4, -3, -7], 2),
        "07-best-is-last": gauge([1, 1, 1, 1, 2, 3], 2),
        "08-best-is-first": gauge([9, 8, 1, 1, 2, 3], 3),
        "09-ties": gauge([2, 5, 2, 5, 2], 2),
        "10-thirds": gauge([1, 0, 0, 1, 0, 1], 3),
        "11-tides": gauge(tide, 7),
        "12-random": gauge(heights(500, -1000, 1000), 33),
        "13-large-heights": gauge([million] * 3000, 2999),
        "14-long-negative": gauge(heights(4_000, -million, -million + 999), 2_000),
        "15-long": gauge(heights(20_000, -1000, 1000), 10_000),
        "16-long-narrow": gauge(heights(4_000, -million, million), 3),
    }
