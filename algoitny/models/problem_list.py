"""List rows of problems: by owner, platform, language, tag and by the words of their titles.

They lie beside the summary, hold what a line shows, and change in the same transaction as it.
Drafts are listed for their owner and their platform; the other lists hold what is completed.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Self

from pynamodb.attributes import BooleanAttribute, ListAttribute, UnicodeAttribute

from algoitny.domain.clock import epoch_ms
from algoitny.domain.problem import ProblemLine, ProblemStatus, ProblemSummary
from algoitny.domain.text import fold, search_words
from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import IntAttribute
from algoitny.models.kit.keys import Key, partition_key, sort_key
from algoitny.models.kit.sizes import cut
from algoitny.models.problem import (
    STATUS_LIST,
    STATUS_SORT,
    ProblemItem,
    parse_problem_partition,
    problem_partition,
)

ROW_SORT = sort_key("LST#{kind}#{value}")
LIST = partition_key("PROBS#{kind}#{value}")
TITLE_SORT = sort_key("{title}")
WORD_ROW_SORT = sort_key("LST#T#{word}")
WORD_LIST = partition_key("PROBS#T#{letters}")
WORD_SORT = sort_key("{word}#{platform}#{number}")

_TITLE_BYTES = 320
_WORD_BYTES = 100
"""Escaped, a character of a key may take three bytes."""


class Kind(StrEnum):
    """What a problem is listed by, apart from its title's words."""

    OWNER = "owner"
    PLATFORM = "platform"
    LANGUAGE = "language"
    TAG = "tag"
    REVIEW = "review"
    """Beside the completed ones' list: a published problem that needs review stands in both."""


def word_in_key(word: str) -> str:
    """A folded word as keys have it: its beginning."""
    return cut(word, _WORD_BYTES)


def word_partition(word: str) -> str:
    """Where words with the first two letters of this one are."""
    return WORD_LIST(letters=word[:2])


class ProblemListItem(TableItem):
    """One row of one list."""

    TYPE = "problem_list"

    title = UnicodeAttribute(attr_name="tit")
    tags: ListAttribute[Any] = ListAttribute(attr_name="tag", of=UnicodeAttribute, null=True)
    language = UnicodeAttribute(attr_name="lng", null=True)
    is_completed = BooleanAttribute(attr_name="cmp")
    needs_review = BooleanAttribute(attr_name="nrv")
    internal_id = IntAttribute(attr_name="iid")
    test_case_count = IntAttribute(attr_name="tcc")
    time_limit = IntAttribute(attr_name="tl")
    memory_limit = IntAttribute(attr_name="ml")

    @classmethod
    def of(cls, summary: ProblemSummary, sort: str, partition: str, order: str) -> Self:
        return cls(
            problem_partition(summary.key),
            sort,
            gsi1_pk=partition,
            gsi1_sk=order,
            title=summary.title,
            tags=list(summary.tags) or None,
            language=summary.language,
            is_completed=summary.is_completed,
            needs_review=summary.needs_review,
            internal_id=summary.id,
            test_case_count=summary.test_case_count,
            time_limit=summary.time_limit_ms,
            memory_limit=summary.memory_limit_mb,
            created=summary.created_at,
            updated=summary.updated_at,
        )

    @property
    def word(self) -> str:
        """The word that a row of the title list stands for, as keys have it."""
        return str(WORD_ROW_SORT.parse(self.sk)["word"])


def list_rows(summary: ProblemSummary) -> dict[Key, ProblemListItem]:
    """All list rows that a problem has: none once it is deleted."""
    if summary.is_deleted:
        return {}
    rows = (ProblemListItem.of(summary, *place) for place in _places(summary))
    return {row.key: row for row in rows}


def _places(summary: ProblemSummary) -> Iterator[tuple[str, str, str]]:
    """Sort key, list, and place in the list."""
    key = summary.key
    by_title = TITLE_SORT(title=cut(fold(summary.title), _TITLE_BYTES))
    by_time = STATUS_SORT(
        created=epoch_ms(summary.created_at), platform=key.platform, number=key.number
    )

    def place(kind: Kind, value: str, order: str) -> tuple[str, str, str]:
        return ROW_SORT(kind=kind.value, value=value), LIST(kind=kind.value, value=value), order

    yield place(Kind.PLATFORM, key.platform, by_time)
    if summary.owner_id is not None:
        yield place(Kind.OWNER, summary.owner_id, by_title)
    if not summary.is_completed:
        return
    if summary.needs_review:
        status = ProblemStatus.REVIEW.value
        yield ROW_SORT(kind=Kind.REVIEW.value, value=status), STATUS_LIST(status=status), by_time
    if summary.language is not None:
        yield place(Kind.LANGUAGE, fold(summary.language), by_title)
    for tag in summary.tags:
        yield place(Kind.TAG, fold(tag), by_title)
    for word in map(word_in_key, search_words(summary.title)):
        yield (
            WORD_ROW_SORT(word=word),
            word_partition(word),
            WORD_SORT(word=word, platform=key.platform, number=key.number),
        )


def line_of(item: ProblemItem | ProblemListItem) -> ProblemLine:
    """The line that an item of any index shows."""
    # The index of a platform's completed problems has no flags.
    completed = item.is_completed is not False
    draft = ProblemStatus.REVIEW if item.needs_review else ProblemStatus.DRAFT
    return ProblemLine(
        id=item.internal_id,
        key=parse_problem_partition(item.pk),
        title=item.title,
        tags=tuple(item.tags or ()),
        language=item.language,
        status=ProblemStatus.COMPLETED if completed else draft,
        test_case_count=item.test_case_count,
        time_limit_ms=item.time_limit,
        memory_limit_mb=item.memory_limit,
        created_at=item.created,
        updated_at=item.updated,
    )
