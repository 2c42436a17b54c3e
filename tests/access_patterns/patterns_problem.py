"""Problems and their tests."""

from __future__ import annotations

from dataclasses import replace

from algoitny.domain.problem import CheckerProgram
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import CODE, GRACE, KEY, a_problem, some_tests

NOTES = "The second sample contradicts the statement: which of the two is meant?"


@pattern(
    "P1",
    "problems.create_problem",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Update SYS / SEQ#problem",
    "Transact: Put PROB#baekjoon#11286 / META if attribute_not_exists(PK)",
    "and … 15 more …",
    "and Put PROB#baekjoon#11286 / LST#T#ferry",
    reads=1,
    writes=53,
)
def _(world: World) -> Call:
    return world.problem


@pattern(
    "P1j",
    "problems.get_registrations",
    "Get USR#<grace> / REG; consistent",
    reads=1,
)
def _(world: World) -> Call:
    problems = world.repositories.problems
    problems.create_problem(a_problem(world.clock), after=problems.get_registrations(GRACE))
    return lambda: problems.get_registrations(GRACE)


@pattern(
    "P1k",
    "problems.create_problem",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Update SYS / SEQ#problem",
    "Transact: Put PROB#baekjoon#11286 / META if attribute_not_exists(PK)",
    "and … 16 more …",
    "and Update USR#<grace> / REG if attribute_not_exists(PK)",
    reads=2,
    writes=55,
)
def _(world: World) -> Call:
    problems = world.repositories.problems
    after = problems.get_registrations(GRACE)
    return lambda: problems.create_problem(a_problem(world.clock), after=after)


@pattern(
    "P1b",
    "problems.update_problem",
    "BatchGet PROB#baekjoon#11286 / META, PROB#baekjoon#11286 / BODY; consistent",
    "Transact: Update PROB#baekjoon#11286 / META if v = 1",
    "and … 14 more …",
    "and Update PROB#baekjoon#11286 / BODY",
    reads=2,
    writes=56,
)
def _(world: World) -> Call:
    version = world.problem().version
    changed = a_problem(world.clock, title="The Island Ferry")
    return lambda: world.repositories.problems.update_problem(changed, expected_version=version)


@pattern(
    "P1c",
    "problems.update_problem_completion",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Transact: Update PROB#baekjoon#11286 / META if v = 1",
    "and … 13 more …",
    "and Put PROB#baekjoon#11286 / LST#T#ferry",
    reads=1,
    writes=47,
)
def _(world: World) -> Call:
    version = world.problem(is_completed=False).version
    return lambda: world.repositories.problems.update_problem_completion(
        KEY, is_completed=True, expected_version=version
    )


@pattern(
    "P1d",
    "problems.soft_delete_problem",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Transact: Update PROB#baekjoon#11286 / META if v = 1",
    "and … 14 more …",
    "and Update PROB#baekjoon#11286 / BODY",
    reads=1,
    writes=51,
)
def _(world: World) -> Call:
    version = world.problem().version
    return lambda: world.repositories.problems.soft_delete_problem(
        KEY, reason="The statement is not ours to show.", expected_version=version
    )


@pattern(
    "P2",
    "problems.get_problem",
    "BatchGet PROB#baekjoon#11286 / META, PROB#baekjoon#11286 / BODY",
    reads=1,
)
def _(world: World) -> Call:
    world.problem()
    return lambda: world.repositories.problems.get_problem(KEY)


@pattern("P2b", "problems.get_problem_summary", "Get PROB#baekjoon#11286 / META", reads=0.5)
def _(world: World) -> Call:
    world.problem()
    return lambda: world.repositories.problems.get_problem_summary(KEY)


@pattern(
    "P2d",
    "problems.get_checker_program",
    "Get PROB#baekjoon#11286 / CHK",
    reads=0.5,
)
def _(world: World) -> Call:
    program = CheckerProgram(language="python3", code=CODE)
    given = replace(a_problem(world.clock, checker="custom"), checker_program=program)
    summary = world.repositories.problems.create_problem(given).summary
    return lambda: world.repositories.problems.get_checker_program(summary)


@pattern("P2c", "problems.resolve_id", "Get LEG#problem#1 / PTR", reads=0.5)
def _(world: World) -> Call:
    number = world.problem().id
    return lambda: world.repositories.problems.resolve_id(number)


@pattern(
    "P3",
    "problems.get_testcases",
    "Query: (PK = PROB#baekjoon#11286 AND begins_with(SK, TC#000001#))",
    reads=2.5,
)
def _(world: World) -> Call:
    summary = world.tested_problem()
    return lambda: world.repositories.problems.get_testcases(summary)


@pattern(
    "P3b",
    "problems.get_problem_with_testcases",
    "BatchGet PROB#baekjoon#11286 / META, PROB#baekjoon#11286 / BODY",
    "Query: (PK = PROB#baekjoon#11286 AND begins_with(SK, TC#000001#))",
    reads=3.5,
)
def _(world: World) -> Call:
    world.tested_problem()
    return lambda: world.repositories.problems.get_problem_with_testcases(KEY)


@pattern(
    "P3c",
    "problems.get_sample_testcases",
    "Get PROB#baekjoon#11286 / BODY",
    "BatchGet PROB#baekjoon#11286 / TC#000001#00001, PROB#baekjoon#11286 / TC#000001#00002, PROB#baekjoon#11286 / TC#000001#00003",
    reads=2,
)
def _(world: World) -> Call:
    summary = world.tested_problem()
    return lambda: world.repositories.problems.get_sample_testcases(summary)


@pattern(
    "P4",
    "problems.replace_testcases",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Update SEQ#baekjoon#11286 / TV",
    "BatchWrite: Put PROB#baekjoon#11286 / TC#000001#00001, … 18 more …, Put PROB#baekjoon#11286 / TC#000001#00020",
    "Transact: Update PROB#baekjoon#11286 / META if v = 1",
    "and … 14 more …",
    "and Update PROB#baekjoon#11286 / BODY",
    "Query: (PK = PROB#baekjoon#11286 AND SK BETWEEN TC#000000# AND TC#000001#); filter attribute_not_exists(ttl)",
    reads=1.5,
    writes=71,
)
def _(world: World) -> Call:
    world.problem()
    return lambda: world.repositories.problems.replace_testcases(KEY, some_tests())


@pattern(
    "P1e",
    "problems.delete_problem",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Transact: Delete PROB#baekjoon#11286 / META if v = 2",
    "and … 15 more …",
    "and Update PROB#baekjoon#11286 / BODY",
    "Query: (PK = PROB#baekjoon#11286 AND SK > BODY); at most 99; consistent",
    "Transact: ConditionCheck PROB#baekjoon#11286 / BODY if attribute_exists(dla)",
    "and … 19 more …",
    "and Delete PROB#baekjoon#11286 / TC#000001#00020",
    "Query: PK = PCNT#baekjoon#11286; consistent",
    "Delete PROB#baekjoon#11286 / BODY if attribute_exists(dla)",
    reads=7,
    writes=95,
)
def _(world: World) -> Call:
    world.tested_problem()
    return lambda: world.repositories.problems.delete_problem(KEY)


@pattern(
    "P1f",
    "problems.update_problem_owner",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Transact: Update PROB#baekjoon#11286 / META if v = 1",
    "and Delete PROB#baekjoon#11286 / LST#owner#<grace>",
    "and Put PROB#baekjoon#11286 / LST#owner#<ada>",
    reads=1,
    writes=9,
)
def _(world: World) -> Call:
    version = world.problem().version
    return lambda: world.repositories.problems.update_problem_owner(
        KEY, owner_id="01JPA0ADA000000000000000H0", expected_version=version
    )


@pattern(
    "P1g",
    "problems.request_review",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Transact: Update PROB#baekjoon#11286 / META if v = 1",
    "and Put PROB#baekjoon#11286 / LST#platform#baekjoon",
    "and Put PROB#baekjoon#11286 / LST#owner#<grace>",
    "and Update PROB#baekjoon#11286 / BODY",
    reads=1,
    writes=14,
)
def _(world: World) -> Call:
    version = world.problem(is_completed=False).version
    return lambda: world.repositories.problems.request_review(
        KEY, notes=NOTES, expected_version=version
    )


@pattern(
    "P1h",
    "problems.verify_problem",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Transact: Update PROB#baekjoon#11286 / META if v = 1",
    "and Put PROB#baekjoon#11286 / LST#platform#baekjoon",
    "and Put PROB#baekjoon#11286 / LST#owner#<grace>",
    "and Update PROB#baekjoon#11286 / BODY",
    reads=1,
    writes=14,
)
def _(world: World) -> Call:
    version = world.problem(is_completed=False, needs_review=True).version
    return lambda: world.repositories.problems.verify_problem(KEY, expected_version=version)


@pattern(
    "P1i",
    "problems.send_back",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Transact: Update PROB#baekjoon#11286 / META if v = 1",
    "and Put PROB#baekjoon#11286 / LST#platform#baekjoon",
    "and Put PROB#baekjoon#11286 / LST#owner#<grace>",
    "and Update PROB#baekjoon#11286 / BODY",
    reads=1,
    writes=14,
)
def _(world: World) -> Call:
    version = world.problem(is_completed=False, needs_review=True).version
    return lambda: world.repositories.problems.send_back(KEY, notes=NOTES, expected_version=version)


@pattern(
    "P4b",
    "problems.create_test_cases",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Update SEQ#baekjoon#11286 / TV",
    "BatchWrite: Put PROB#baekjoon#11286 / TC#000001#00001, … 18 more …, Put PROB#baekjoon#11286 / TC#000001#00020",
    "Transact: Update PROB#baekjoon#11286 / META if v = 1",
    "and … 14 more …",
    "and Update PROB#baekjoon#11286 / BODY",
    "Query: (PK = PROB#baekjoon#11286 AND SK BETWEEN TC#000000# AND TC#000001#); filter attribute_not_exists(ttl)",
    reads=1.5,
    writes=71,
)
def _(world: World) -> Call:
    world.problem()
    return lambda: world.repositories.problems.create_test_cases(KEY, some_tests())


@pattern(
    "P4c",
    "problems.add_testcase",
    "Get PROB#baekjoon#11286 / META; consistent",
    "Query: (PK = PROB#baekjoon#11286 AND begins_with(SK, TC#000001#))",
    "Update SEQ#baekjoon#11286 / TV",
    "BatchWrite: Put PROB#baekjoon#11286 / TC#000002#00001, … 19 more …, Put PROB#baekjoon#11286 / TC#000002#00021",
    "Transact: Update PROB#baekjoon#11286 / META if v = 2",
    "and … 14 more …",
    "and Update PROB#baekjoon#11286 / BODY",
    "Query: (PK = PROB#baekjoon#11286 AND SK BETWEEN TC#000000# AND TC#000002#); filter attribute_not_exists(ttl)",
    "BatchWrite: Put PROB#baekjoon#11286 / TC#000001#00001, … 18 more …, Put PROB#baekjoon#11286 / TC#000001#00020",
    reads=6,
    writes=92,
)
def _(world: World) -> Call:
    world.tested_problem()
    return lambda: world.repositories.problems.add_testcase(KEY, input=b"1 1\n", output=b"2\n")
