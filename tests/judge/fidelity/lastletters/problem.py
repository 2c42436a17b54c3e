"""For each line the last letter of its last word, or - where it has none. Lines may end in CR LF, have
blanks at their ends, and the last may have no end."""


def tests():
    yield "one two\r\n  three  \r\n\r\nfour", "o\ne\n-\nr\n"
    yield "a\nb \t\n", "a\nb\n"
    yield "\n", "-\n"
    yield "", ""
    yield "x\n\n y", "x\n-\ny\n"
