"""A line of text in any script: print how many characters it has, and it backwards."""

CHECKER = "lines"


def tests():
    for text in ("plain", "né à Zürich", "漢字とかな", "Привет", "a😀b🎉", "x"):
        yield f"{text}\n", f"{len(text)}\n{text[::-1]}\n"
