"""Hidden inputs: no line at all, products and sums past 32 bit, pages, and the longest ledger."""

import random


def ledger(pairs, page=None):
    lines = [str(len(pairs))]
    for index, (pieces, worth) in enumerate(pairs):
        if page and index % page == 0:
            lines.append("")
        lines.append(f"{pieces} {worth}")
    return "\n".join(lines) + "\n"


def inputs():
    rng = random.Random(1001)
    million = 10**6

    def pairs(count, least, most):
        return [(rng.randint(least, most), rng.randint(0, most)) for _ in range(count)]

    return {
        "01-no-line": "0\n",
        "02-one-line": ledger([(1, 1)]),
        "03-worth-nothing": ledger([(5, 0), (-3, 0)]),
        "04-all-leave": ledger([(-2, 9), (-7, 1)]),
        "05-cancel": ledger([(1000, 999), (-1000, 999)]),
        "06-small": ledger(pairs(50, -100, 100)),
        "07-one-product-past-32-bit": ledger([(50_000, 50_000)]),
        "08-sum-past-32-bit": ledger([(40_000, 40_000), (40_000, 40_000)]),
        "09-largest-product": ledger([(million, million)]),
        "10-smallest-product": ledger([(-million, million)]),
        "11-pages": ledger(pairs(200, -million, million), page=20),
        "12-medium": ledger(pairs(1000, -million, million)),
        "13-longest": ledger(pairs(8_000, -million, million)),
        "14-long-largest": ledger([(million, million)] * 2_500),
        "15-long-pages": ledger(pairs(2_000, -1000, 1000), page=1),
    }
