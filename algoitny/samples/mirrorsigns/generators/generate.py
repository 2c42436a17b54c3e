"""Hidden inputs: no letters, odd and even lengths, one wrong letter anywhere, very long signs."""

import random
import string


def signs(*lines):
    return "\n".join([str(len(lines)), *lines]) + "\n"


def inputs():
    rng = random.Random(1003)

    def letters(count):
        return "".join(rng.choice(string.ascii_letters) for _ in range(count))

    def mirrored(half, middle=""):
        return half + middle + half[::-1].swapcase()

    def with_blanks(text):
        return "".join(letter + " " * (rng.random() < 0.2) for letter in text)

    def broken(text, at):
        return text[:at] + ("b" if text[at] in "aA" else "a") + text[at + 1 :]

    short = mirrored("abcde", "f")
    long = mirrored(letters(59_000), "m")
    return {
        "01-one-letter": signs("Q"),
        "02-empty": signs("", "a", "  "),
        "03-only-blanks": signs("   "),
        "04-two-letters": signs("aA", "ab", "Bb"),
        "05-case": signs("AbBa", "ABba", "abAB"),
        "06-blanks": signs("a b a", " aba", "ab   a", "a ab"),
        "07-broken-anywhere": signs(*[broken(short, at) for at in range(11) if at != 5]),
        "08-middle-is-free": signs(broken(short, 5), short),
        "09-even-and-odd": signs(mirrored("xyz"), mirrored("xyz", "q"), "xyzxyz"),
        "10-many": signs(*[with_blanks(mirrored(letters(rng.randint(1, 20)))) for _ in range(100)]),
        "11-many-random": signs(*[letters(rng.randint(1, 4)) for _ in range(100)]),
        "12-medium": signs(with_blanks(mirrored(letters(2000)))),
        "13-medium-broken": signs(broken(mirrored(letters(2000)), 1999)),
        "14-longest": signs(long),
    }
