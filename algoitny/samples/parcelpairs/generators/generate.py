"""Hidden inputs: no pair, a parcel that must not pair with itself, ties, more than 2^31 pairs."""

import random


def parcels(weights, wanted):
    return f"{len(weights)} {wanted}\n{' '.join(map(str, weights))}\n"


def inputs():
    rng = random.Random(1005)
    billion = 10**9

    def weights(count, least, most):
        return [rng.randint(least, most) for _ in range(count)]

    distinct = rng.sample(range(-billion // 2, billion // 2), 3_000)
    return {
        "01-none": parcels([], 5),
        "02-one": parcels([5], 10),
        "03-not-with-itself": parcels([5, 1, 2], 10),
        "04-two-halves": parcels([5, 5], 10),
        "05-all-equal-no-pair": parcels([4] * 10, 9),
        "06-all-equal": parcels([4] * 10, 8),
        "07-negative": parcels([-3, -4, -3, 1, -8], -7),
        "08-zero": parcels([0, 0, 0, 1, -1], 0),
        "09-extremes": parcels([billion, -billion, billion, 0], 0),
        "10-largest-sum": parcels([billion, 0, 0, billion], billion),
        "11-smallest-sum": parcels([-billion, 0, 0, -billion], -billion),
        "12-random": parcels(weights(1000, -50, 50), 7),
        "13-many-ties": parcels(weights(20_000, 0, 9), 9),
        "14-distinct": parcels(distinct, distinct[5] + distinct[77]),
        "15-wide": parcels(weights(4_000, -billion, billion), 0),
        "16-past-32-bit": parcels([1] * 90_000, 2),
    }
