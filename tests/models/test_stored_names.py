"""Stored names and keys: deployed data has them, so a change here is a migration."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from algoitny.domain.ids import UlidIds
from algoitny.domain.pointer import PointerKind
from algoitny.domain.problem import ProblemKey, ProblemStatus
from algoitny.domain.usage import Action
from algoitny.domain.verdict import Verdict
from algoitny.models import MODELS, TableItem
from algoitny.models.audit import audit_key
from algoitny.models.hint import PENDING_SORT, hint_key
from algoitny.models.history import (
    history_key,
    listed_before,
    public_partition,
    queue_partition,
    source_key,
)
from algoitny.models.history_attempt import progress_key as execution_progress_key
from algoitny.models.history_deletion import DELETION_SORT, deletion_key
from algoitny.models.history_public import public_row_key
from algoitny.models.history_results import results_key
from algoitny.models.idempotency import idempotency_key
from algoitny.models.job import JOB_LIST, USER_JOBS, job_body_key, job_key, progress_key
from algoitny.models.kit.keys import Key
from algoitny.models.language import languages_key
from algoitny.models.leaderboard import LINE_SORT, generation_partition, leaderboard_key
from algoitny.models.lease import lease_key
from algoitny.models.migration import migration_key
from algoitny.models.outbox import delivery_key
from algoitny.models.plan import plan_key
from algoitny.models.pointer import pointer_key
from algoitny.models.problem import STATUS_SORT, body_key, checker_key, list_keys, summary_key
from algoitny.models.registration import registrations_key
from algoitny.models.run import run_key
from algoitny.models.sequence import sequence_key
from algoitny.models.session import session_key
from algoitny.models.spend import call_key, spend_key
from algoitny.models.stats import (
    OTHERS,
    SOLVED_DAY,
    SOLVED_DAY_SORT,
    UserStatsItem,
    deleted_stats_key,
    problem_counter_key,
    solved_key,
    stats_key,
)
from algoitny.models.testcase import key_of_test, version_sequence_key
from algoitny.models.token import token_key
from algoitny.models.usage import DAY_LIST, counter_key, log_key
from algoitny.models.user import email_lock_key, google_lock_key, user_key
from algoitny.models.webhook_secret import webhook_secret_key
from tests.clock import FixedClock

KEY = ProblemKey(platform="boj", number="10#00")
DAY = date(2025, 3, 4)

COMMON = "PK SK GSI1PK GSI1SK GSI2PK GSI2SK GSI3PK GSI3SK tp crt cru upd v ttl"

NAMES = {
    "": "",
    "user": "em nm pic gid act adm plan lgn",
    "lock": "uid",
    "erasure": "lse clm kph",
    "token": "uid nm scp lus",
    "session": "dig prv rot",
    "webhook_secret": "enc",
    "registrations": "rec",
    "plan": "nm mh me mp cva crp prc act",
    "problem": "plt pno tit tag lng cmp del dla nrv vba own iid tcc tv tdg tl ml chk ckd sff",
    "problem_body": "stm con url sol rvn dlr mta dla smn tv",
    "problem_checker": "lng cod",
    "problem_list": "tit tag lng cmp nrv iid tcc tl ml",
    "testcase": "inp out ref smp sha enc",
    "pointer": "plt pno tgt",
    "sequence": "seq",
    "history": "uid uidt pid plt pno ptt lng pub sta ver res psc fsc toc tms mem att try ratt tv "
    "lse clm pbl pba mta whu rjg rjj rje",
    "public_row": "uidt pid ptt lng sta ver psc fsc toc tms mem",
    "source": "cod",
    "results": "trs cpm ref sha enc",
    "attempt_progress": "prg",
    "deletion": "",
    "hint": "uid sta txt att try lse clm",
    "day": "exe hnt run gvb",
    "usage_log": "act pid mta",
    "stats": "exe acc slv rng pts",
    "deleted_stats": "exe acc",
    "solved": "hid",
    "problem_counter": "exe acc",
    "idempotency": "rte bdy ans",
    "languages": "lngs",
    "job": "typ uid tit sta att try prg lse clm err tsk chk",
    "job_body": "req out",
    "job_progress": "msg att clm",
    "lease": "own fen lse clm",
    "leaderboard": "gen cnt",
    "leaderboard_line": "rnk uid uidt slv",
    "audit": "uid act sbj mta",
    "spend": "cst cll tin tou",
    "model_call": "cst fin",
    "run": "uid lng cod inp sta res err att lse clm",
    "delivery": "uid whu evt att due err clm",
    "migration": "nm dir sta own fen ckp exm chg err clm",
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.TYPE or "root")
def test_the_stored_names_of_an_entity(model: type[TableItem]) -> None:
    stored = {attribute.attr_name for attribute in model.get_attributes().values()}
    assert stored == {*COMMON.split(), *NAMES[model.TYPE].split()}


@pytest.mark.parametrize(
    ("key", "partition", "sort"),
    [
        (user_key("U1"), "USR#U1", "META"),
        (email_lock_key(" Ada#1@X.org"), "EMAIL#ada%231@x.org", "UNQ"),
        (google_lock_key("123"), "GID#123", "UNQ"),
        (token_key("5f" * 32), "TOK#" + "5f" * 32, "META"),
        (session_key("U1", "F#1"), "USR#U1", "SES#F%231"),
        (webhook_secret_key("U1"), "USR#U1", "WHS"),
        (registrations_key("U1"), "USR#U1", "REG"),
        (plan_key("Free"), "PLAN", "PLAN#Free"),
        (summary_key(KEY), "PROB#boj#10%2300", "META"),
        (body_key(KEY), "PROB#boj#10%2300", "BODY"),
        (checker_key(KEY), "PROB#boj#10%2300", "CHK"),
        (key_of_test(KEY, 2, 1), "PROB#boj#10%2300", "TC#000002#00001"),
        (pointer_key(PointerKind.PROBLEM, 7), "LEG#problem#7", "PTR"),
        (sequence_key("problem"), "SYS", "SEQ#problem"),
        (history_key("H1"), "HIST#H1", "META"),
        (source_key("H1"), "HIST#H1", "SRC"),
        (results_key("H1", 3), "HIST#H1", "RES#0003"),
        (public_row_key("H1"), "HIST#H1", "LST"),
        (execution_progress_key("H1", 3), "HIST#H1", "PRG#0003"),
        (deletion_key("H1"), "HIST#H1", "DEL"),
        (hint_key("H1", 2, 5), "HIST#H1", "HNT#2#0005"),
        (counter_key("U1", DAY), "USR#U1#ULOG", "CNT#20250304"),
        (
            log_key("U1", DAY, 1_741_046_400_000_001, Action.HINT, "x#1"),
            "USR#U1#ULOG",
            "ULOG#20250304#1741046400000001#hint#x%231",
        ),
        (stats_key("U1"), "UST#U1", "STATS"),
        (deleted_stats_key("U1"), "UST#U1", "GONE"),
        (solved_key("U1", KEY), "UST#U1", "SLV#boj#10%2300"),
        (version_sequence_key(KEY), "SEQ#boj#10%2300", "TV"),
        (problem_counter_key(KEY, "U1"), "PCNT#boj#10%2300", "04"),
        (languages_key("w#1"), "SYS", "LNG#w%231"),
        (job_key("J1"), "JOB#J1", "META"),
        (job_body_key("J1"), "JOB#J1", "BODY"),
        (progress_key("J1", 7), "JOB#J1", "PRG#000007"),
        (pointer_key(PointerKind.TASK, "a#1"), "LEG#task#a%231", "PTR"),
        (lease_key("sweeper"), "SYS", "LSE#sweeper"),
        (leaderboard_key("2025-03"), "SYS", "LDB#2025-03"),
        (audit_key(DAY, "A1"), "AUD#202503", "A1"),
        (spend_key(DAY), "SYS", "LLM#20250304"),
        (call_key("c#1"), "LLM#c%231", "UNQ"),
        (run_key("R1"), "RUN#R1", "META"),
        (delivery_key("H1", "W1"), "HIST#H1", "WHK#W1"),
        (migration_key(7), "SYS", "MIG#0007"),
    ],
    ids=lambda value: str(value) if isinstance(value, Key) else "",
)
def test_the_keys_of_an_entity(key: Key, partition: str, sort: str) -> None:
    assert key == Key(partition, sort)


def test_an_idempotency_key_of_any_text_is_a_digest() -> None:
    key = idempotency_key("U1", "é#\ud800" * 10_000)
    assert key.partition.startswith("IDK#U1#")
    assert len(key.partition) == len("IDK#U1#") + 64
    assert key.sort == "UNQ"


def test_the_keys_of_the_indexes() -> None:
    created = datetime(2025, 3, 4, tzinfo=UTC)
    assert list_keys(KEY, ProblemStatus.COMPLETED, created) == {
        "gsi1_pk": "PROBS#completed",
        "gsi1_sk": "1741046400000#boj#10%2300",
        "gsi2_pk": "PROBS#boj",
        "gsi2_sk": "0210%230200!10%2300",
    }
    assert list_keys(KEY, ProblemStatus.DELETED, created)["gsi2_pk"] is None
    assert STATUS_SORT.parse("1741046400000#boj#10%2300")["number"] == "10#00"
    assert PENDING_SORT(history="H1", level=2) == "H1#2"
    assert generation_partition("all", "G1") == "LDB#all#G1"
    assert LINE_SORT(position=3) == "000003"
    assert JOB_LIST(type="import", state="PENDING") == "JOBS#import#PENDING"
    assert USER_JOBS(user="U1") == "USR#U1#JOBS"
    assert DELETION_SORT(due=1_741_046_400_000, history="H1") == "001741046400000#H1"
    assert DAY_LIST(day=DAY) == "ULOG#20250304"
    assert SOLVED_DAY(day=DAY) == "SLV#20250304"
    assert SOLVED_DAY_SORT(user="U1", platform="boj", number="1") == "USR#U1#boj#1"
    assert public_partition("H1", 1) == "PUBLIC#00"
    assert {queue_partition(f"H{number}", 4) for number in range(50)} == {
        f"QUEUE#0{shard}" for shard in range(4)
    }


def test_ids_made_before_an_instant_sort_before_its_key() -> None:
    clock = FixedClock()
    before = UlidIds(clock).new()
    clock.advance(0.001)
    bound = listed_before(clock.now())
    after = UlidIds(clock).new()
    assert f"HIST#{before}" < bound <= f"HIST#{after}"


def test_the_stored_names_of_counters_that_are_named_by_data() -> None:
    named = {
        "v#AC": UserStatsItem.verdict_counts[Verdict.AC],
        "l#c": UserStatsItem.language_counts["c"],
        "p#boj": UserStatsItem.platform_counts["boj"],
        "s#": UserStatsItem.platform_solved[OTHERS],
    }
    assert [counter.attr_name for counter in named.values()] == list(named)
