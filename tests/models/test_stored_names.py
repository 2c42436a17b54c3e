"""Stored names and keys: deployed data has them, so a change here is a migration."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from algoitny.domain.ids import UlidIds
from algoitny.domain.problem import ProblemKey, ProblemStatus
from algoitny.domain.usage import Action
from algoitny.models import MODELS, TableItem
from algoitny.models.hint import PENDING_SORT, hint_key
from algoitny.models.history import (
    history_key,
    listed_before,
    public_partition,
    public_row_key,
    queue_partition,
    results_key,
    source_key,
)
from algoitny.models.idempotency import idempotency_key
from algoitny.models.kit.keys import Key
from algoitny.models.language import languages_key
from algoitny.models.legacy import problem_pointer_key
from algoitny.models.plan import plan_key
from algoitny.models.problem import STATUS_SORT, body_key, list_keys, summary_key
from algoitny.models.sequence import sequence_key
from algoitny.models.stats import (
    SOLVED_DAY,
    SOLVED_DAY_SORT,
    problem_counter_key,
    solved_key,
    stats_key,
)
from algoitny.models.testcase import key_of_test
from algoitny.models.usage import DAY_LIST, counter_key, log_key
from algoitny.models.user import email_lock_key, google_lock_key, user_key
from tests.clock import FixedClock

KEY = ProblemKey(platform="boj", number="10#00")
DAY = date(2025, 3, 4)

COMMON = "PK SK GSI1PK GSI1SK GSI2PK GSI2SK GSI3PK GSI3SK tp crt cru upd v ttl"

NAMES = {
    "": "",
    "user": "em nm pic gid act adm plan lgn",
    "lock": "uid",
    "plan": "nm mh me mp cva crp prc act",
    "problem": "plt pno tit tag lng cmp del dla nrv vba own iid mta tcc tv tdg tl ml chk",
    "problem_body": "stm con url sol rvn dlr tvc smn tv",
    "testcase": "inp out smp sha enc",
    "pointer": "plt pno",
    "sequence": "seq",
    "history": "uid uidt pid plt pno ptt lng pub sta ver res psc fsc toc tms mem att try ratt tv "
    "lse clm pbl pba",
    "public_row": "uidt pid ptt lng sta ver psc fsc toc tms mem",
    "source": "cod",
    "results": "trs cpm",
    "hint": "uid sta txt att try lse clm",
    "usage_counter": "exe hnt run gvb",
    "usage_log": "act pid mta",
    "stats": "exe acc slv rng",
    "solved": "hid",
    "problem_counter": "exe acc",
    "idempotency": "rte bdy ans",
    "languages": "lngs",
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
        (plan_key("Free"), "PLAN", "PLAN#Free"),
        (summary_key(KEY), "PROB#boj#10%2300", "META"),
        (body_key(KEY), "PROB#boj#10%2300", "BODY"),
        (key_of_test(KEY, 2, 1), "PROB#boj#10%2300", "TC#000002#00001"),
        (problem_pointer_key(7), "LEG#problem#7", "PTR"),
        (sequence_key("problem"), "SYS", "SEQ#problem"),
        (history_key("H1"), "HIST#H1", "META"),
        (source_key("H1"), "HIST#H1", "SRC"),
        (results_key("H1", 3), "HIST#H1", "RES#0003"),
        (public_row_key("H1"), "HIST#H1", "LST"),
        (hint_key("H1", 2, 5), "HIST#H1", "HNT#2#0005"),
        (counter_key("U1", DAY), "USR#U1#ULOG", "CNT#20250304"),
        (
            log_key("U1", DAY, 1_741_046_400_000_001, Action.HINT, "x#1"),
            "USR#U1#ULOG",
            "ULOG#20250304#1741046400000001#hint#x%231",
        ),
        (stats_key("U1"), "UST#U1", "STATS"),
        (solved_key("U1", KEY), "UST#U1", "SLV#boj#10%2300"),
        (problem_counter_key(KEY, "U1"), "PCNT#boj#10%2300", "04"),
        (languages_key("w#1"), "SYS", "LNG#w%231"),
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
