"""What the data layer costs: its processor time beside a bare client's, its rows' size beside that
of rows written plainly, and what a page costs as a user's history grows.
"""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.config import Config
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from ulid import ULID

from algoitny.domain.ids import UlidIds
from algoitny.domain.repositories import Repositories
from algoitny.domain.usage import Action
from algoitny.models import MODELS, TableItem, bind_models
from algoitny.models.kit.accounting import Accountant
from algoitny.models.kit.attributes import decompress, decompress_json
from algoitny.models.kit.binding import connection_of
from algoitny.models.kit.families import families_of
from algoitny.models.kit.sizes import RawItem, item_size
from algoitny.models.layout import single
from algoitny.models.tables import create_tables
from algoitny.repositories import build_repositories
from bench.figure import Figure, middle, report
from bench.responder import Responder, running_responder
from tests import realistic
from tests.clock import FixedClock
from tests.copies import copy_executions
from tests.realistic import GRACE, KEY, NEVER_OVER

TABLE = "algoitny_bench"
CALLS, ROUNDS = 10, 60
HISTORIES = (1_000, 10_000, 100_000)
PAGES = 5
CPU_BAR = 1.3

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
TEST_NAMES = {
    "tid": "test_case_id",
    "out": "output",
    "pas": "passed",
    "err": "error",
    "sts": "status",
    "ver": "verdict",
    "tms": "time_ms",
    "mem": "memory_kb",
    "smp": "is_sample",
}

Call = Callable[[], object]


# Processor time.


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call of a repository, the requests that it sent, and their answers."""

    name: str
    call: Call
    requests: list[tuple[str, dict[str, Any]]]
    answers: list[tuple[str, dict[str, Any]]]


def patterns(repositories: Repositories, clock: FixedClock) -> dict[str, Call]:
    """The calls that the product makes most, each to be repeated at will."""
    users, histories = repositories.users, repositories.histories
    user = users.create_user(realistic.grace(clock))
    repositories.problems.create_problem(realistic.a_problem(clock))
    summary = repositories.problems.replace_testcases(KEY, realistic.some_tests())
    copy_executions(realistic.done(repositories, clock, is_code_public=True), 40)
    submission = realistic.a_submission(clock)
    admitted = histories.create_history(realistic.a_submission(clock), limit=NEVER_OVER)
    running = realistic.running(repositories, clock)
    results, outcome = realistic.some_results(), realistic.an_outcome()
    return {
        "users.get_user_by_id": lambda: users.get_user_by_id(GRACE),
        "users.get_user_by_email": lambda: users.get_user_by_email(user.email),
        "usage.check_rate_limit": lambda: repositories.usage.check_rate_limit(
            GRACE, Action.EXECUTION, 50
        ),
        "problems.get_problem": lambda: repositories.problems.get_problem(KEY),
        "problems.get_testcases, 20 of 2 KB": lambda: repositories.problems.get_testcases(summary),
        "histories.get_history": lambda: histories.get_history(running.id),
        "histories.list_user_history, 20 lines": lambda: histories.list_user_history(GRACE),
        "histories.list_public_history, 20 lines": histories.list_public_history,
        "histories.create_history": lambda: histories.create_history(submission, limit=NEVER_OVER),
        "histories.claim": lambda: histories.claim(admitted.id, lease_seconds=30),
        "histories.put_results, 20 tests": lambda: histories.put_results(running, results),
        "histories.complete": lambda: histories.complete(running, outcome),
    }


@contextmanager
def table_in_memory() -> Iterator[tuple[Repositories, FixedClock]]:
    """All repositories on an empty table of moto's."""
    clock = FixedClock()
    with mock_aws():
        bind_models(layout=single(TABLE), region="us-east-1", attempts=1)
        create_tables()
        repositories = build_repositories(
            clock=clock, ids=UlidIds(clock), secret_key="a secret of benchmarks"
        )
        yield repositories, clock


def recorded() -> list[Recorded]:
    """Each pattern called once on a table in memory."""
    with table_in_memory() as (repositories, clock):
        return [_record(name, call) for name, call in patterns(repositories, clock).items()]


def _record(name: str, call: Call) -> Recorded:
    requests: list[tuple[str, dict[str, Any]]] = []
    answers: list[tuple[str, dict[str, Any]]] = []
    client = the_client()
    send = client._make_api_call  # noqa: SLF001 - botocore's seam

    def note(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        requests.append((xform_name(operation), copy.deepcopy(request)))
        answer: dict[str, Any] = send(operation, request)
        told = {part: answer[part] for part in answer if part != "ResponseMetadata"}
        answers.append((operation, told))
        return answer

    client._make_api_call = note  # noqa: SLF001 - see above
    try:
        call()
    finally:
        client._make_api_call = send  # noqa: SLF001 - see above
    return Recorded(name, call, requests, answers)


def the_client() -> Any:
    return connection_of(TableItem).connection.client


def bare_client(endpoint: str) -> Any:
    """Nothing but botocore, with the settings that PynamoDB gives to its own."""
    return botocore.session.get_session().create_client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(
            parameter_validation=False,
            connect_timeout=1,
            read_timeout=3,
            max_pool_connections=64,
            retries={"total_max_attempts": 4, "mode": "standard"},
        ),
    )


def processor_time(responder: Responder) -> list[Figure]:
    figures = []
    calls = recorded()
    bind_models(layout=single(TABLE), region="us-east-1", endpoint=responder.endpoint)
    bare = bare_client(responder.endpoint)
    for each in calls:
        responder.answer_with(each.answers)
        figures.append(_beside_bare(each, bare))
    return figures


def _beside_bare(recorded: Recorded, bare: Any) -> Figure:
    requests = [(getattr(bare, method), request) for method, request in recorded.requests]

    def ask_barely() -> None:
        for ask, request in requests:
            ask(**request)

    ours, theirs, ratios = [], [], []
    _milliseconds(recorded.call)
    _milliseconds(ask_barely)
    for _ in range(ROUNDS):
        theirs.append(_milliseconds(ask_barely))
        ours.append(_milliseconds(recorded.call))
        ratios.append(ours[-1] / theirs[-1])
    count = len(recorded.requests)
    return Figure(
        what=f"processor time of `{recorded.name}` beside its {count} request(s) sent barely",
        # The least of both: whatever else the machine does only adds to it.
        value=float(f"{min(ours) / min(theirs):.3g}"),
        unit="×",
        samples=ratios,
        bar=CPU_BAR,
        peer=f"botocore alone, {min(theirs):.2f} ms; ours {min(ours):.2f} ms",
        peer_value=1.0,
    )


def _milliseconds(call: Call) -> float:
    """Of this process, for one call."""
    begun = time.process_time()
    for _ in range(CALLS):
        call()
    return 1000 * (time.process_time() - begun) / CALLS


# Size.


def stored_rows() -> list[RawItem]:
    """All rows of a table in which somebody signed up and executed something."""
    with table_in_memory() as (repositories, clock):
        patterns(repositories, clock)
        rows: list[RawItem] = []
        for page in the_client().get_paginator("scan").paginate(TableName=TABLE):
            rows += page["Items"]
    return rows


def plain(row: RawItem) -> RawItem:
    """The row as one would write it first: whole names, nothing compressed, a map for each test."""
    model = {each.TYPE: each for each in MODELS}[row.get("tp", {"S": ""})["S"]]
    names = {attribute.attr_name: name for name, attribute in model.get_attributes().items()}
    families = families_of(model)

    def whole(stored: str) -> str:
        prefix, mark, member = stored.partition("#")
        if mark:
            return f"{families[prefix]}#{member}"
        return stored if stored.isupper() else names[stored]

    return {whole(stored): _plain_value(stored, typed) for stored, typed in row.items()}


def _plain_value(stored: str, typed: Any) -> Any:
    packed = typed.get("B", b"")
    if not packed.startswith(ZSTD_MAGIC):
        return typed
    if stored == "trs":
        return {"L": [{"M": _plain_test(test)} for test in decompress_json(packed)]}
    return {"S": decompress(packed).decode()}


def _plain_test(test: dict[str, Any]) -> dict[str, Any]:
    return {
        TEST_NAMES[name]: {"BOOL": value}
        if isinstance(value, bool)
        else {"N": str(value)}
        if isinstance(value, int)
        else {"S": value}
        for name, value in test.items()
    }


def sizes() -> list[Figure]:
    kinds: dict[str, list[tuple[int, int]]] = {}
    for row in stored_rows():
        kind = row.get("tp", {"S": "other"})["S"]
        kinds.setdefault(kind, []).append((item_size(row), item_size(plain(row))))
    kinds["all rows of this table"] = [pair for pairs in kinds.values() for pair in pairs]
    shown = ("all rows of this table", "history", "results", "source", "testcase", "problem_body")
    return [_saving(kind, kinds[kind]) for kind in shown]


def _saving(kind: str, pairs: list[tuple[int, int]]) -> Figure:
    ours, theirs = (sum(sizes) for sizes in zip(*pairs, strict=True))
    return Figure(
        what=f"bytes saved by short names and compression: {kind}",
        value=float(f"{100 * (1 - ours / theirs):.3g}"),
        unit="%",
        more_is_better=True,
        peer=f"{ours / len(pairs):.0f} instead of {theirs / len(pairs):.0f} bytes a row; "
        "the original claims",
        peer_value=40.0,
    )


# Pages as histories grow.


def pages() -> list[Figure]:
    """The first page of a user's history, three times as it grows.

    The rows are put into moto's table directly: no local store takes a hundred thousand requests in
    reasonable time, and what a page costs does not depend on who keeps the rows.
    """
    with table_in_memory() as (repositories, clock):
        first = realistic.done(repositories, clock)
        count, figures = 1, []
        for wanted in HISTORIES:
            _copy_summaries(first.id, first.created_at, range(count, wanted))
            count = wanted
            figures += _page_figures(repositories, wanted)
    return figures


def _copy_summaries(history_id: str, created_at: datetime, numbers: range) -> None:
    """The summary again under later ids, all values but its keys shared."""
    (backend,) = dynamodb_backends.values()
    rows = backend["us-east-1"].get_table(TABLE).items
    partition = DynamoType({"S": f"HIST#{history_id}"})
    summary, sort = rows[partition][DynamoType({"S": "META"})], DynamoType({"S": "META"})
    first = int(ULID.from_datetime(created_at)) >> 80 << 80
    for number in numbers:
        listed = DynamoType({"S": f"HIST#{ULID.from_int(first + (number << 80))}"})
        twin = copy.copy(summary)
        twin.attrs = type(summary.attrs)()
        dict.update(twin.attrs, summary.attrs)
        dict.update(twin.attrs, dict.fromkeys(("PK", "GSI1SK", "GSI3SK"), listed))
        twin.hash_key, twin.range_key = listed, sort
        rows[listed][sort] = twin


def _page_figures(repositories: Repositories, count: int) -> list[Figure]:
    def page() -> None:
        repositories.histories.list_user_history(GRACE, limit=20)

    with Accountant(the_client()) as accountant:
        page()
    request = {
        name: part
        for name, part in accountant.charges[0].request.items()
        if name != "ReturnConsumedCapacity"
    }
    ours = [_wall_milliseconds(page) for _ in range(PAGES)]
    store = [_wall_milliseconds(lambda: the_client().query(**request)) for _ in range(PAGES)]
    return [
        Figure(
            what=f"capacity of a page of 20 in {count:,} histories of one user, "
            f"{len(accountant.charges)} request(s)",
            value=accountant.read_units,
            unit="RCU",
            bar=2,
        ),
        Figure(
            what=f"latency of that page in {count:,} histories",
            value=middle(ours),
            unit="ms",
            samples=ours,
            peer="moto's answer to the same request",
            peer_value=middle(store),
        ),
    ]


def _wall_milliseconds(call: Call) -> float:
    begun = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "local")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "local")
    with running_responder() as responder:
        figures = processor_time(responder)
    figures += sizes()
    figures += pages()
    report(figures)


if __name__ == "__main__":
    main()
