"""Lines of the public lists by language and by platform; the timeline lists summaries."""

from __future__ import annotations

from typing import Self

from pynamodb.attributes import UnicodeAttribute

from algoitny.domain.history import ANONYMOUS, History, public_name
from algoitny.domain.verdict import State, Verdict
from algoitny.models.base import TableItem
from algoitny.models.history import HISTORY_PARTITION, LISTED, NAME_BYTES, TITLE_BYTES
from algoitny.models.kit.attributes import IntAttribute
from algoitny.models.kit.keys import Key, partition_key
from algoitny.models.kit.sizes import cut
from algoitny.models.usage import parse_problem_id, problem_id_text

PUBLIC_ROW = "LST"
PUBLIC_LANGUAGE = partition_key("PUBLIC#L#{language}")
PUBLIC_PLATFORM = partition_key("PUBLIC#P#{platform}")


def public_row_key(history_id: str) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), PUBLIC_ROW)


class PublicRowItem(TableItem):
    """One line of the public lists by language and by platform; only of ended executions."""

    TYPE = "public_row"

    user_identifier = UnicodeAttribute(attr_name="uidt")
    problem = UnicodeAttribute(attr_name="pid")
    problem_title = UnicodeAttribute(attr_name="ptt")
    language = UnicodeAttribute(attr_name="lng")
    state = UnicodeAttribute(attr_name="sta")
    verdict = UnicodeAttribute(attr_name="ver", null=True)
    passed = IntAttribute(attr_name="psc")
    failed = IntAttribute(attr_name="fsc")
    total = IntAttribute(attr_name="toc")
    max_time = IntAttribute(attr_name="tms")
    max_memory = IntAttribute(attr_name="mem")

    @classmethod
    def of(cls, history: History) -> Self:
        key = public_row_key(history.id)
        listed = LISTED(history=history.id)
        return cls(
            key.partition,
            key.sort,
            gsi1_pk=PUBLIC_LANGUAGE(language=history.language),
            gsi1_sk=listed,
            gsi2_pk=PUBLIC_PLATFORM(platform=history.problem.platform),
            gsi2_sk=listed,
            user_identifier=cut(public_name(history.user_identifier), NAME_BYTES),
            problem=problem_id_text(history.problem),
            problem_title=cut(history.problem_title, TITLE_BYTES),
            language=history.language,
            state=history.state.value,
            verdict=None if history.verdict is None else history.verdict.value,
            passed=history.passed_count,
            failed=history.failed_count,
            total=history.total_count,
            max_time=history.max_time_ms,
            max_memory=history.max_memory_kb,
            # In whole milliseconds, as an index's line shows them.
            updated=history.updated_at,
            created=history.created_at,
        )

    def record(self) -> History:
        """The line, without what only the summary tells: its author and its attempts."""
        return History(
            id=str(HISTORY_PARTITION.parse(self.pk)["history"]),
            user_id=None,
            user_identifier=public_name(self.user_identifier or ANONYMOUS),
            problem=parse_problem_id(self.problem),
            problem_title=self.problem_title,
            language=self.language,
            is_code_public=True,
            state=State(self.state),
            verdict=None if self.verdict is None else Verdict(self.verdict),
            passed_count=self.passed,
            failed_count=self.failed,
            total_count=self.total,
            max_time_ms=self.max_time,
            max_memory_kb=self.max_memory,
            created_at=self.created_at,
            updated_at=self.updated,
        )
