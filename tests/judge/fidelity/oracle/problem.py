"""A number: is it a prime? Print Yes or No, in any letters."""

CHECKER = "case-insensitive"


def tests():
    for n, answer in ((1, "No"), (2, "Yes"), (91, "No"), (97, "Yes")):
        yield f"{n}\n", f"{answer}\n"
