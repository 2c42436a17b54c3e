"""Calls a submission's `solution` with what it takes from the input, and prints what it returns.

Comes behind the learner's last line, and runs with names of its own: the submission may have given
any another meaning. docs/languages.md tells learners.
"""

import sys
from collections.abc import Callable, Sequence


def main(solution: Callable[..., object], kinds: Sequence[str], needed: int) -> None:
    """`kinds` is what its parameters take, as `python_solution.kinds_of` has it; so many of them
    must get a value."""
    if len(kinds) == 1 and kinds[0] in ("", "str"):
        show(solution(sys.stdin.read()))
    elif kinds:
        show(solution(*Input(sys.stdin.read()).arguments(kinds, needed)))
    else:
        show(solution())


class Input:
    """Lines of words, and what of them has been taken."""

    def __init__(self, text: str) -> None:
        # The first is what is left of the line that was last taken from.
        self.lines: list[list[str]] = [[], *(line.split() for line in text.split("\n"))]

    def arguments(self, kinds: Sequence[str], needed: int) -> list[object]:
        taken: list[object] = []
        for number, kind in enumerate(kinds):
            if kind.startswith("*"):
                taken += values(self.rest(), kind[1:])
            elif number >= needed and not any(self.lines):
                break
            elif kind.startswith("list[list"):
                inner = kind[len("list[list[") : -len("]]")]
                taken.append([values(line, inner) for line in self.lines if line])
                self.lines = [[]]
            elif kind.startswith("list"):
                words = self.rest() if number == len(kinds) - 1 else self.line()
                taken.append(values(words, kind[len("list[") : -len("]")]))
            elif any(self.lines):
                taken.append(value(self.word(), kind))
            else:
                raise ValueError(f"solution takes {needed} values, the input has {number}")
        left = len(self.rest())
        if left:
            raise ValueError(
                f"solution takes {len(kinds)} values, the input has {left} more: "
                "say which parameter is a list, as in `numbers: list[int]`"
            )
        return taken

    def word(self) -> str:
        while not self.lines[0]:
            del self.lines[0]
        return self.lines[0].pop(0)

    def line(self) -> list[str]:
        """What is left of this line, or the whole next one."""
        if not self.lines[0] and len(self.lines) > 1:
            del self.lines[0]
        words, self.lines[0] = self.lines[0], []
        return words

    def rest(self) -> list[str]:
        words = [word for line in self.lines for word in line]
        self.lines = [[]]
        return words


def values(words: list[str], kind: str) -> list[object]:
    return [value(word, kind) for word in words]


def value(word: str, kind: str) -> object:
    """As the parameter says, else a number if it is written as numbers are."""
    if kind == "int":
        return int(word)
    if kind == "float":
        return float(word)
    whole, point, part = word.lstrip("+-").partition(".")
    is_number = word.isascii() and whole.isdigit() and (part.isdigit() or not point)
    if kind == "str" or not is_number or word[1:2] in ("+", "-"):
        return word
    if point:
        return float(word)
    return int(word) if whole == "0" or not whole.startswith("0") else word


def show(answer: object) -> None:
    """A list of lists is lines, any other list one line, None nothing."""
    if isinstance(answer, (list, tuple)):
        is_nested = any(isinstance(one, (list, tuple)) for one in answer)
        answer = "\n".join(map(line, answer)) if is_nested else line(answer)
    if answer is not None:
        sys.stdout.write(f"{answer}\n")


def line(item: object) -> str:
    return " ".join(map(str, item)) if isinstance(item, (list, tuple)) else str(item)


if __name__ == "<judge>":
    main(**globals()["call"])
