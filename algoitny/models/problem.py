"""Problems: a small summary that lists show, and a body beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from pynamodb.attributes import (
    BooleanAttribute,
    ListAttribute,
    UnicodeAttribute,
)
from pynamodb.expressions.update import Action

from algoitny.domain.clock import epoch_ms
from algoitny.domain.problem import Problem, ProblemKey, ProblemStatus, ProblemSummary
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import (
    CompressedJSONAttribute,
    CompressedTextAttribute,
    InstantAttribute,
    IntAttribute,
    IntSetAttribute,
)
from algoitny.models.kit.keys import Key, partition_key, sort_key

PROBLEM_PARTITION = partition_key("PROB#{platform}#{number}")
META = "META"
BODY = "BODY"
STATUS_LIST = partition_key("PROBS#{status}")
STATUS_SORT = sort_key("{created:013}#{platform}#{number}")
PLATFORM_LIST = partition_key("PROBS#{platform}")
PLATFORM_SORT = sort_key("{number:natural}")


def problem_partition(key: ProblemKey) -> str:
    return PROBLEM_PARTITION(platform=key.platform, number=key.number)


def summary_key(key: ProblemKey) -> Key:
    return Key(problem_partition(key), META)


def body_key(key: ProblemKey) -> Key:
    return Key(problem_partition(key), BODY)


def list_keys(key: ProblemKey, status: ProblemStatus, created_at: datetime) -> dict[str, Any]:
    """Where a problem of this status is listed: by status, and by platform when completed."""
    completed = status is ProblemStatus.COMPLETED
    return {
        "gsi1_pk": STATUS_LIST(status=status.value),
        "gsi1_sk": STATUS_SORT(
            created=epoch_ms(created_at), platform=key.platform, number=key.number
        ),
        "gsi2_pk": PLATFORM_LIST(platform=key.platform) if completed else None,
        "gsi2_sk": PLATFORM_SORT(number=key.number) if completed else None,
    }


class ProblemItem(TableItem):
    """The summary; at most about 1 KB."""

    TYPE = "problem"

    platform = UnicodeAttribute(attr_name="plt")
    number = UnicodeAttribute(attr_name="pno")
    title = UnicodeAttribute(attr_name="tit")
    tags: ListAttribute[Any] = ListAttribute(attr_name="tag", of=UnicodeAttribute, null=True)
    language = UnicodeAttribute(attr_name="lng", null=True)
    is_completed = BooleanAttribute(attr_name="cmp")
    is_deleted = BooleanAttribute(attr_name="del")
    deleted_at = InstantAttribute(attr_name="dla", null=True)
    needs_review = BooleanAttribute(attr_name="nrv")
    verified_by_admin = BooleanAttribute(attr_name="vba", null=True)
    owner = UnicodeAttribute(attr_name="own", null=True)
    internal_id = IntAttribute(attr_name="iid")
    metadata = CompressedJSONAttribute(attr_name="mta", null=True)
    test_case_count = IntAttribute(attr_name="tcc")
    tests_version = IntAttribute(attr_name="tv")
    tests_digest = UnicodeAttribute(attr_name="tdg", null=True)
    time_limit = IntAttribute(attr_name="tl")
    memory_limit = IntAttribute(attr_name="ml")
    checker = UnicodeAttribute(attr_name="chk")

    @classmethod
    def of(cls, summary: ProblemSummary) -> Self:
        key = summary_key(summary.key)
        return cls(
            key.partition,
            key.sort,
            platform=summary.key.platform,
            number=summary.key.number,
            title=summary.title,
            tags=list(summary.tags) or None,
            language=summary.language,
            is_completed=summary.is_completed,
            is_deleted=summary.is_deleted,
            needs_review=summary.needs_review,
            owner=summary.owner_id,
            internal_id=summary.id,
            test_case_count=summary.test_case_count,
            tests_version=summary.tests_version,
            tests_digest=summary.tests_digest or None,
            time_limit=summary.time_limit_ms,
            memory_limit=summary.memory_limit_mb,
            checker=summary.checker,
            updated=summary.updated_at,
            version=summary.version,
            **created_stamp(summary.created_at),
            **list_keys(summary.key, summary.status, summary.created_at),
        )

    def record(self) -> ProblemSummary:
        return ProblemSummary(
            id=self.internal_id,
            key=self.problem_key(),
            title=self.title,
            tags=tuple(self.tags or ()),
            language=self.language,
            is_completed=self.is_completed,
            is_deleted=self.is_deleted,
            needs_review=self.needs_review,
            owner_id=self.owner,
            test_case_count=self.test_case_count,
            tests_version=self.tests_version,
            tests_digest=self.tests_digest or "",
            time_limit_ms=self.time_limit,
            memory_limit_mb=self.memory_limit,
            checker=self.checker,
            created_at=self.created_at,
            updated_at=self.updated,
            version=self.version,
        )

    def line(self) -> ProblemSummary:
        """What GSI2 carries of a completed problem: enough to show it in a list, no more."""
        return ProblemSummary(
            id=self.internal_id,
            key=self.problem_key(),
            title=self.title,
            tags=tuple(self.tags or ()),
            language=self.language,
            is_completed=True,
            test_case_count=self.test_case_count,
            time_limit_ms=self.time_limit,
            memory_limit_mb=self.memory_limit,
            created_at=self.created_at,
            updated_at=self.updated,
        )

    def problem_key(self) -> ProblemKey:
        """From the primary key, which every index carries."""
        parts = PROBLEM_PARTITION.parse(self.pk)
        return ProblemKey(platform=str(parts["platform"]), number=str(parts["number"]))

    @classmethod
    def editing(cls, summary: ProblemSummary, now: datetime) -> list[Action]:
        """The update that replaces the editable fields; none of them is part of a key."""
        actions: list[Action] = [
            cls.title.set(summary.title),
            cls.time_limit.set(summary.time_limit_ms),
            cls.memory_limit.set(summary.memory_limit_mb),
            cls.checker.set(summary.checker),
            cls.updated.set(now),
            cls.version.add(1),
            cls.tags.set(list(summary.tags)) if summary.tags else cls.tags.remove(),
        ]
        language = summary.language
        actions.append(cls.language.remove() if language is None else cls.language.set(language))
        return actions

    @classmethod
    def moving(cls, summary: ProblemSummary, now: datetime) -> list[Action]:
        """The update that gives the problem this summary's status, list keys included."""
        keys = list_keys(summary.key, summary.status, summary.created_at)
        actions: list[Action] = [
            cls.is_completed.set(summary.is_completed),
            cls.is_deleted.set(summary.is_deleted),
            cls.updated.set(now),
            cls.version.add(1),
            cls.gsi1_pk.set(keys["gsi1_pk"]),
        ]
        for attribute, name in ((cls.gsi2_pk, "gsi2_pk"), (cls.gsi2_sk, "gsi2_sk")):
            value = keys[name]
            actions.append(attribute.remove() if value is None else attribute.set(value))
        return actions


class ProblemBodyItem(TableItem):
    """The rest: read with the summary, never listed.

    `tests_issued` is the counter that tests versions come from; `samples` are the numbers of the
    sample tests of the set `samples_version`.
    """

    TYPE = "problem_body"

    statement = CompressedTextAttribute(attr_name="stm", null=True)
    constraints = CompressedTextAttribute(attr_name="con", null=True)
    url = UnicodeAttribute(attr_name="url", null=True)
    solution = CompressedTextAttribute(attr_name="sol", null=True)
    review_notes = CompressedTextAttribute(attr_name="rvn", null=True)
    deleted_reason = UnicodeAttribute(attr_name="dlr", null=True)
    tests_issued = IntAttribute(attr_name="tvc", null=True)
    samples = IntSetAttribute(attr_name="smn", null=True)
    samples_version = IntAttribute(attr_name="tv", null=True)

    @classmethod
    def of(cls, problem: Problem) -> Self:
        key = body_key(problem.summary.key)
        return cls(
            key.partition,
            key.sort,
            statement=problem.statement,
            constraints=problem.constraints,
            url=problem.url,
            solution=problem.solution_code,
            review_notes=problem.review_notes,
            deleted_reason=problem.deleted_reason,
        )

    @classmethod
    def editing(cls, problem: Problem) -> list[Action]:
        """The update that replaces the editable fields."""
        actions: list[Action] = [
            cls.typed(),
            cls.statement.set(problem.statement),
            cls.constraints.set(problem.constraints),
        ]
        for attribute, value in (
            (cls.url, problem.url),
            (cls.solution, problem.solution_code),
            (cls.review_notes, problem.review_notes),
        ):
            actions.append(attribute.remove() if value is None else attribute.set(value))
        return actions

    def record(self, summary: ProblemSummary) -> Problem:
        return Problem(
            summary=summary,
            statement=self.statement or "",
            constraints=self.constraints or "",
            url=self.url,
            solution_code=self.solution,
            review_notes=self.review_notes,
            deleted_reason=self.deleted_reason,
        )
