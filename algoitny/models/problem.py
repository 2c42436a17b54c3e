"""Problems: a small summary that lists show; a body and, where it has one, a checker beside it."""

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
from algoitny.domain.problem import (
    CheckerProgram,
    Problem,
    ProblemKey,
    ProblemStatus,
    ProblemSummary,
)
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
CHECKER = "CHK"
STATUS_LIST = partition_key("PROBS#{status}")
STATUS_SORT = sort_key("{created:013}#{platform}#{number}")
PLATFORM_LIST = partition_key("PROBS#{platform}")
PLATFORM_SORT = sort_key("{number:natural}")


def problem_partition(key: ProblemKey) -> str:
    return PROBLEM_PARTITION(platform=key.platform, number=key.number)


def parse_problem_partition(partition: str) -> ProblemKey:
    """The problem whose partition it is."""
    parts = PROBLEM_PARTITION.parse(partition)
    return ProblemKey(platform=str(parts["platform"]), number=str(parts["number"]))


def summary_key(key: ProblemKey) -> Key:
    return Key(problem_partition(key), META)


def body_key(key: ProblemKey) -> Key:
    return Key(problem_partition(key), BODY)


def checker_key(key: ProblemKey) -> Key:
    return Key(problem_partition(key), CHECKER)


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
    test_case_count = IntAttribute(attr_name="tcc")
    tests_version = IntAttribute(attr_name="tv")
    tests_digest = UnicodeAttribute(attr_name="tdg", null=True)
    time_limit = IntAttribute(attr_name="tl")
    memory_limit = IntAttribute(attr_name="ml")
    checker = UnicodeAttribute(attr_name="chk")
    checker_digest = UnicodeAttribute(attr_name="ckd", null=True)
    stop_on_first_failure = BooleanAttribute(attr_name="sff", null=True)

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
            deleted_at=summary.deleted_at,
            needs_review=summary.needs_review,
            verified_by_admin=summary.verified_by_admin or None,
            owner=summary.owner_id,
            internal_id=summary.id,
            test_case_count=summary.test_case_count,
            tests_version=summary.tests_version,
            tests_digest=summary.tests_digest or None,
            time_limit=summary.time_limit_ms,
            memory_limit=summary.memory_limit_mb,
            checker=summary.checker,
            checker_digest=summary.checker_digest or None,
            stop_on_first_failure=summary.stop_on_first_failure or None,
            updated=summary.updated_at,
            version=summary.version,
            **created_stamp(summary.created_at),
            **list_keys(summary.key, summary.status, summary.created_at),
        )

    def record(self) -> ProblemSummary:
        return ProblemSummary(
            id=self.internal_id,
            key=parse_problem_partition(self.pk),
            title=self.title,
            tags=tuple(self.tags or ()),
            language=self.language,
            is_completed=self.is_completed,
            is_deleted=self.is_deleted,
            deleted_at=self.deleted_at,
            needs_review=self.needs_review,
            verified_by_admin=bool(self.verified_by_admin),
            owner_id=self.owner,
            test_case_count=self.test_case_count,
            tests_version=self.tests_version,
            tests_digest=self.tests_digest or "",
            time_limit_ms=self.time_limit,
            memory_limit_mb=self.memory_limit,
            checker=self.checker,
            checker_digest=self.checker_digest or "",
            stop_on_first_failure=bool(self.stop_on_first_failure),
            created_at=self.created_at,
            updated_at=self.updated_at,
            version=self.version,
        )

    @classmethod
    def becoming(cls, before: ProblemSummary, after: ProblemSummary) -> list[Action]:
        """The update from one summary to the next: what differs, index keys with it."""
        old, new = cls.of(before), cls.of(after)
        changes = [
            (attribute, getattr(new, name))
            for name, attribute in cls.get_attributes().items()
            if getattr(new, name) != getattr(old, name)
        ]
        return [
            attribute.remove() if value is None else attribute.set(value)
            for attribute, value in changes
        ]


class ProblemBodyItem(TableItem):
    """The rest: read with the summary, never listed.

    `samples` are the numbers of the sample tests of the set `samples_version`. `buried` marks what
    is left of a problem while its rows are being removed: the body goes last.
    """

    TYPE = "problem_body"

    statement = CompressedTextAttribute(attr_name="stm", null=True)
    constraints = CompressedTextAttribute(attr_name="con", null=True)
    url = UnicodeAttribute(attr_name="url", null=True)
    solution = CompressedTextAttribute(attr_name="sol", null=True)
    review_notes = CompressedTextAttribute(attr_name="rvn", null=True)
    deleted_reason = UnicodeAttribute(attr_name="dlr", null=True)
    metadata = CompressedJSONAttribute(attr_name="mta", null=True)
    buried = InstantAttribute(attr_name="dla", null=True)
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
            metadata=problem.metadata,
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
        metadata = problem.metadata
        actions.append(cls.metadata.remove() if metadata is None else cls.metadata.set(metadata))
        return actions

    @classmethod
    def burying(cls, now: datetime) -> list[Action]:
        """The update that leaves nothing but the mark of a deletion under way."""
        kept = {"pk", "sk", "entity_type", "buried"}
        empty = [a for name, a in cls.get_attributes().items() if name not in kept]
        return [cls.typed(), cls.buried.set(now), *(attribute.remove() for attribute in empty)]

    def record(self, summary: ProblemSummary) -> Problem:
        return Problem(
            summary=summary,
            statement=self.statement or "",
            constraints=self.constraints or "",
            url=self.url,
            solution_code=self.solution,
            review_notes=self.review_notes,
            deleted_reason=self.deleted_reason,
            metadata=self.metadata,
        )


class ProblemCheckerItem(TableItem):
    """The problem's own checker: read where an execution needs it, not with the body."""

    TYPE = "problem_checker"

    language = UnicodeAttribute(attr_name="lng")
    code = CompressedTextAttribute(attr_name="cod")

    @classmethod
    def of(cls, problem: ProblemKey, program: CheckerProgram) -> Self:
        key = checker_key(problem)
        return cls(key.partition, key.sort, language=program.language, code=program.code)

    def record(self) -> CheckerProgram:
        return CheckerProgram(language=self.language, code=self.code)
