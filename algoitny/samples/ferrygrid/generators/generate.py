"""Hidden inputs: single rows and columns, closed harbours, open water, mazes, one long snake."""

import random


def lake(rows):
    rows = ["".join(row) for row in rows]
    return f"{len(rows)} {len(rows[0])}\n" + "".join(f"{row}\n" for row in rows)


def water(rows, columns, start, target, reeds=0.0, rng=None):
    grid = [
        ["#" if reeds and rng.random() < reeds else "." for _ in range(columns)]
        for _ in range(rows)
    ]
    grid[start[0]][start[1]] = "S"
    grid[target[0]][target[1]] = "T"
    return grid


def snake(size):
    """Corridors to the right and to the left in turn, joined at their ends."""
    grid = [["."] * size for _ in range(size)]
    for row in range(1, size, 2):
        grid[row] = ["#"] * size
        grid[row][-1 if row % 4 == 1 else 0] = "."
    grid[0][0] = "S"
    last = (size - 1) // 2 * 2
    grid[last][-1 if last % 4 == 0 else 0] = "T"
    return grid


def inputs():
    rng = random.Random(1009)
    ring = water(5, 5, (2, 2), (0, 0))
    for row, column in [(1, 1), (1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2), (3, 3)]:
        ring[row][column] = "#"
    diagonal = water(3, 3, (0, 0), (2, 2))
    for row, column in [(0, 1), (1, 0), (1, 2), (2, 1)]:
        diagonal[row][column] = "#"
    wall = water(40, 40, (0, 0), (39, 39))
    for row in range(40):
        wall[row][20] = "#"
    return {
        "01-side-by-side": lake(["ST"]),
        "02-one-column": lake(["T", ".", ".", "S"]),
        "03-one-row-closed": lake(["S..#.T"]),
        "04-ring": lake(ring),
        "05-only-diagonal": lake(diagonal),
        "06-backwards": lake(["T...", ".##.", "...S"]),
        "07-around": lake([".....", ".###.", ".#S#.", ".#.#T", "....."]),
        "08-two-ways": lake(["S....", ".###.", ".#...", ".###.", "....T"]),
        "09-wall": lake(wall),
        "10-open": lake(water(60, 60, (0, 0), (59, 59))),
        "11-few-reeds": lake(water(80, 90, (3, 4), (70, 80), 0.2, rng)),
        "12-many-reeds": lake(water(100, 70, (0, 0), (99, 69), 0.35, rng)),
        "13-snake": lake(snake(149)),
        "14-open-large": lake(water(150, 150, (149, 0), (0, 149))),
    }
