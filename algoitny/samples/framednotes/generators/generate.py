"""Hidden inputs: empty lines everywhere, inner blanks, frame signs in the text, long notes."""

import random
import string


def note(*lines):
    return "\n".join([str(len(lines)), *lines]) + "\n"


def inputs():
    rng = random.Random(1002)
    signs = string.ascii_letters + string.digits + string.punctuation

    def line(length):
        text = "".join(rng.choice(signs + "   ") for _ in range(length)).strip()
        return text.ljust(length, rng.choice(signs))

    def lines(count, longest):
        return [line(rng.randint(0, longest)) for _ in range(count)]

    return {
        "01-one-letter": note("a"),
        "02-empty": note(""),
        "03-only-empty-lines": note("", "", ""),
        "04-last-is-longest": note("a", "bb", "ccc"),
        "05-first-is-longest": note("ccc", "bb", "a"),
        "06-inner-blanks": note("a  b   c", "d"),
        "07-frame-signs": note("#", "###", "# #"),
        "08-begins-and-ends-empty": note("", "in between", ""),
        "09-longest-line": note(line(60)),
        "10-number-first": note("3", "2", "1"),
        "11-percent-and-braces": note("100 %d {0} \\n"),
        "12-some": note(*lines(20, 30)),
        "13-many": note(*lines(200, 60)),
        "14-many-empty": note(*[""] * 199, "end"),
    }
