"""A width and words: print them in rows of so many, each row on a line. Layout counts, as what it is."""

CHECKER = "lines presentation"


def tests():
    yield "2 a b c\n", "a b\nc\n"
    yield "3 one two three four\n", "one two three\nfour\n"
