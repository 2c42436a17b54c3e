"""Lists of problems: one Query a page, of lines that hold what is shown."""

from __future__ import annotations

from dataclasses import dataclass

from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemLine, ProblemStatus
from algoitny.domain.text import fold, search_words
from algoitny.models.base import Gsi1, Gsi2
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.keys import escape
from algoitny.models.kit.operations import query
from algoitny.models.problem import PLATFORM_LIST, STATUS_LIST, ProblemItem
from algoitny.models.problem_list import (
    LIST,
    Kind,
    ProblemListItem,
    line_of,
    word_in_key,
    word_partition,
)
from algoitny.repositories.listing import filtered


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of a line beside the list that it stands in."""

    platform: str | None = None
    language: str | None = None
    tag: str | None = None
    is_draft: bool = False

    def scope(self) -> tuple[str, ...]:
        """For cursors: one of a list with other filters is none of this."""
        parts = ("platform", self.platform), ("language", self.language), ("tag", self.tag)
        named = [f"{name} {value}" for name, value in parts if value is not None]
        return (*named, "draft") if self.is_draft else tuple(named)

    def is_met(self, line: ProblemLine) -> bool:
        if self.is_draft and line.is_completed:
            return False
        if self.platform not in (None, line.key.platform):
            return False
        if self.language is not None and fold(self.language) != fold(line.language or ""):
            return False
        return self.tag is None or fold(self.tag) in map(fold, line.tags)


EVERYTHING = Wanted()


class ProblemListing:
    """Pages of lines."""

    def __init__(self, *, cursors: Cursors) -> None:
        self._cursors = cursors

    def completed(
        self,
        *,
        platform: str | None,
        language: str | None,
        tag: str | None,
        title: str | None,
        limit: int,
        cursor: str | None,
    ) -> Page[ProblemLine]:
        """From the shortest list that one of the filters has; the others are applied to it."""
        if title is not None:
            wanted = Wanted(platform=platform, language=language, tag=tag)
            return self.by_title(title, limit, cursor, wanted)
        if tag is not None:
            wanted = Wanted(platform=platform, language=language)
            return self.by_kind(Kind.TAG, fold(tag), limit, cursor, wanted=wanted)
        if language is not None:
            wanted = Wanted(platform=platform)
            return self.by_kind(Kind.LANGUAGE, fold(language), limit, cursor, wanted=wanted)
        if platform is not None:
            return self.by_number(platform, limit, cursor)
        return self.by_status(ProblemStatus.COMPLETED, limit, cursor)

    def by_status(self, status: ProblemStatus, limit: int, cursor: str | None) -> Page[ProblemLine]:
        """Newest first. Summaries, and list rows of those that stand in two lists, alike."""
        scope = ("list_problems_by_status", status.value)
        return self._page(scope, STATUS_LIST(status=status.value), limit, cursor, newest=True)

    def by_number(self, platform: str, limit: int, cursor: str | None) -> Page[ProblemLine]:
        """A platform's completed ones, in natural order."""
        scope = ("list_problems_by_platform", platform)
        part = query(
            ProblemItem,
            PLATFORM_LIST(platform=platform),
            index=Gsi2,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        lines = tuple(line_of(item) for item in part.items)
        return Page(lines, self._cursors.issue(scope, part.position))

    def by_kind(
        self,
        kind: Kind,
        value: str,
        limit: int,
        cursor: str | None,
        *,
        newest: bool = False,
        wanted: Wanted = EVERYTHING,
    ) -> Page[ProblemLine]:
        """In the list's own order, or against it; filtered, at most 400 rows in growing chunks."""
        if not value:
            return Page((), None)
        scope = ("list_problems_by_kind", kind.value, value, *wanted.scope())
        partition = LIST(kind=kind.value, value=value)
        if wanted == EVERYTHING:
            return self._page(scope, partition, limit, cursor, newest=newest)
        found, position = filtered(
            ProblemListItem,
            partition,
            index=Gsi1,
            keep=lambda item: wanted.is_met(line_of(item)),
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        return Page(tuple(line_of(item) for item in found), self._cursors.issue(scope, position))

    def by_title(
        self, prefix: str, limit: int, cursor: str | None, wanted: Wanted = EVERYTHING
    ) -> Page[ProblemLine]:
        """Found by the first word, kept by the others: at most 400 rows in growing chunks."""
        words = tuple(word_in_key(word) for word in search_words(prefix))
        if not words:
            return Page((), None)
        scope = ("list_problems_by_title", *words, *wanted.scope())
        found, position = filtered(
            ProblemListItem,
            word_partition(words[0]),
            index=Gsi1,
            sort=ProblemListItem.gsi1_sk.startswith(escape(words[0])),
            keep=lambda item: _is_meant(item, words) and wanted.is_met(line_of(item)),
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        return Page(tuple(line_of(item) for item in found), self._cursors.issue(scope, position))

    def _page(
        self,
        scope: tuple[str, ...],
        partition: str,
        limit: int,
        cursor: str | None,
        *,
        newest: bool,
    ) -> Page[ProblemLine]:
        part = query(
            ProblemListItem,
            partition,
            index=Gsi1,
            forward=not newest,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        lines = tuple(line_of(item) for item in part.items)
        return Page(lines, self._cursors.issue(scope, part.position))


def _is_meant(item: ProblemListItem, words: tuple[str, ...]) -> bool:
    """Whether every word begins one of the title's; and of a title with several rows under the
    first word, this is the first."""
    title = [word_in_key(word) for word in search_words(item.title)]
    if not all(any(known.startswith(word) for known in title) for word in words):
        return False
    return item.word == min((known for known in title if known.startswith(words[0])), default="")
