"""Words: print each that occurs once, on a line of its own, in any order."""

CHECKER = "unordered-lines"


def tests():
    yield "b a c a b\n", "a\nb\nc\n"
    yield "x\n", "x\n"
    yield "", ""
