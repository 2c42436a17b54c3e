"""A small world for service tests: real repositories, and a queue, channel and judge to steer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from algoitny.app import build_container
from algoitny.domain.access import Caller
from algoitny.domain.errors import QueueUnavailable
from algoitny.domain.ids import Ids
from algoitny.domain.plan import DEFAULT_PLAN, STANDARD_PLANS, Plan
from algoitny.domain.ports import Event, HintRequest
from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, TestCase
from algoitny.domain.repositories import Repositories
from algoitny.domain.user import User
from algoitny.domain.verdict import Verdict, overall
from algoitny.judge import (
    Cancelled,
    Case,
    CaseResult,
    CompileResult,
    CustomChecker,
    Judgement,
    Limits,
)
from algoitny.services.execution import NewExecution
from algoitny.services.judging import JudgingService, TestSource
from algoitny.services.outbox import OutboxService
from algoitny.services.rejudging import RejudgingService
from algoitny.services.run import NewRun
from algoitny.services.running import RunningService
from algoitny.services.sweeping import SweepingService
from algoitny.setting_values import Environment
from algoitny.settings import Settings
from tests.clock import FixedClock

KEY = ProblemKey(platform="sample", number="1")
LEASE_SECONDS = 30.0


@dataclass
class QueueDouble:
    """Keeps what was published; `down` makes it refuse."""

    executions: list[tuple[str, int]] = field(default_factory=list)
    runs: list[tuple[str, int]] = field(default_factory=list)
    hints: list[tuple[str, int, int]] = field(default_factory=list)
    down: bool = False
    waiting: int | None = 0

    def enqueue_execution(
        self, history_id: str, *, user_id: str | None = None, postponed: int = 0
    ) -> None:
        self._refuse()
        self.executions.append((history_id, postponed))

    def enqueue_run(self, run_id: str, *, user_id: str | None = None, postponed: int = 0) -> None:
        self._refuse()
        self.runs.append((run_id, postponed))

    def enqueue_hint(self, history_id: str, level: int, prompt_version: int) -> None:
        self._refuse()
        self.hints.append((history_id, level, prompt_version))

    def check(self) -> None:
        self._refuse()

    def waiting_executions(self) -> int | None:
        return self.waiting

    def _refuse(self) -> None:
        if self.down:
            raise QueueUnavailable("down")


@dataclass
class ChannelDouble:
    """Keeps what was published, and answers a waiting client with it at once."""

    events: list[tuple[str, Event]] = field(default_factory=list)
    on_wait: Callable[[float], None] = lambda _: None
    cancelled: set[str] = field(default_factory=set)

    def publish(
        self, history_id: str, *, attempt: int, sequence: int, kind: str, data: Mapping[str, object]
    ) -> None:
        event = Event(id=f"{attempt}-{sequence}", attempt=attempt, kind=kind, data=data)
        self.events.append((history_id, event))

    def wait(
        self, history_id: str, *, after: str | None, timeout_seconds: float
    ) -> tuple[Event, ...]:
        self.on_wait(timeout_seconds)
        mine = [event for owner, event in self.events if owner == history_id]
        seen = [event.id for event in mine].index(after) + 1 if after else 0
        return tuple(mine[seen:])

    def announce_cancellation(self, history_id: str) -> None:
        self.cancelled.add(history_id)

    def is_cancelled(self, history_id: str) -> bool:
        return history_id in self.cancelled

    def kinds(self, history_id: str) -> list[str]:
        return [event.kind for owner, event in self.events if owner == history_id]


@dataclass
class JudgeDouble:
    """Answers with the given verdicts (AC for the rest), or raises."""

    verdicts: Sequence[Verdict] = ()
    compiles: bool = True
    error: Exception | None = None
    on_test: Callable[[], None] = lambda: None
    judged: int = 0
    judge_message: bytes = b""
    checkers: list[str | CustomChecker] = field(default_factory=list)

    def judge(
        self,
        language: str,
        source: str,
        cases: Sequence[Case],
        *,
        limits: Limits,
        checker: str | CustomChecker = "tokens",
        on_test: Callable[[int, CaseResult], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        stop_on_first_failure: bool = False,
    ) -> Judgement:
        self.judged += 1
        self.checkers.append(checker)
        if self.error is not None:
            raise self.error
        if not self.compiles:
            return Judgement(
                verdict=Verdict.CE, compile=CompileResult(ok=False, message="no"), tests=()
            )
        verdicts = [*self.verdicts, *[Verdict.AC] * len(cases)][: len(cases)]
        found = []
        for index, (case, verdict) in enumerate(zip(cases, verdicts, strict=True)):
            self.on_test()
            if cancelled is not None and cancelled():
                raise Cancelled
            result = CaseResult(
                name=case.name,
                verdict=verdict,
                status=verdict.words,
                time_ms=index + 1,
                wall_ms=index + 2,
                memory_kb=1000 + index,
                exit=0,
                output=case.input,
                stderr=b"",
                judge_message=self.judge_message,
            )
            if on_test is not None:
                on_test(index, result)
            found.append(result)
            if stop_on_first_failure and verdict is not Verdict.AC:
                break
        return Judgement(
            verdict=overall(result.verdict for result in found),
            compile=CompileResult(ok=True, message=""),
            tests=tuple(found),
        )


@dataclass
class HintDouble:
    """Writes one sentence, or raises."""

    prompt_version: int = 1
    error: Exception | None = None
    requests: list[HintRequest] = field(default_factory=list)

    def write(self, request: HintRequest) -> str:
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        return f"hint of level {request.level}"


@dataclass
class SenderDouble:
    """Keeps what it was to send, and raises the `answers`, first to last; then all is well."""

    answers: list[BaseException] = field(default_factory=list)
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)

    def send(self, url: str, body: bytes, *, message_id: str, secret: str) -> None:
        self.sent.append((url, message_id, body))
        if self.answers:
            raise self.answers.pop(0)


@dataclass
class World:
    """Services over real repositories, with doubles where the outside begins."""

    store: Repositories
    clock: FixedClock
    ids: Ids
    queue: QueueDouble = field(default_factory=QueueDouble)
    channel: ChannelDouble = field(default_factory=ChannelDouble)
    judge: JudgeDouble = field(default_factory=JudgeDouble)
    provider: HintDouble = field(default_factory=HintDouble)
    sender: SenderDouble = field(default_factory=SenderDouble)
    max_running: int = 2
    tests: TestSource | None = None

    def __post_init__(self) -> None:
        self.store.plans.create_missing(STANDARD_PLANS)
        wired = build_container(
            Settings(environment=Environment.EMBEDDED, secret_key="s" * 40, max_waiting_clients=1),
            clock=self.clock,
            ids=self.ids,
            repositories=self.store,
            queue=self.queue,
            channel=self.channel,
            hint_provider=self.provider,
        )
        self.plans = wired.services.plans
        self.admin = wired.services.admin
        self.registration = wired.services.registration
        self.languages = wired.services.languages
        self.executions = wired.services.executions
        self.runs = wired.services.runs
        self.hints = wired.services.hints
        self.webhook_secrets = wired.services.webhook_secrets
        self.outbox = OutboxService(
            outbox=self.store.outbox,
            histories=self.store.histories,
            secrets=self.webhook_secrets,
            sender=self.sender,
            clock=self.clock,
        )
        self.judging = JudgingService(
            histories=self.store.histories,
            problems=self.store.problems,
            queue=self.queue,
            channel=self.channel,
            judge=lambda: self.judge,
            lease_seconds=LEASE_SECONDS,
            max_running_per_user=self.max_running,
            max_tries=3,
            tests=self.tests,
        )
        self.rejudges = wired.services.rejudges
        self.running = RunningService(
            runs=self.store.runs,
            histories=self.store.histories,
            queue=self.queue,
            channel=self.channel,
            judge=lambda: self.judge,
            max_running_per_user=self.max_running,
            max_tries=3,
        )
        self.sweeping = SweepingService(
            histories=self.store.histories,
            runs=self.store.runs,
            hints=self.store.hints,
            queue=self.queue,
            clock=self.clock,
            sweep_seconds=30,
            max_tries=3,
        )

    def rejudging(self, sleep: Callable[[float], None], *, in_flight: int = 2) -> RejudgingService:
        """A worker that runs for some seconds, in which `sleep` lets things happen."""
        return RejudgingService(
            histories=self.store.histories,
            jobs=self.store.jobs,
            leases=self.store.leases,
            queue=self.queue,
            clock=self.clock,
            owner="worker-1",
            in_flight=in_flight,
            sweep_seconds=30,
            sleep=sleep,
        )

    def caller(self, plan: Plan | None = None, *, is_admin: bool = False) -> Caller:
        """A new user on this plan (default: the free one)."""
        now, user_id = self.clock.now(), self.ids.new()
        plan = plan or next(one for one in STANDARD_PLANS if one.name == DEFAULT_PLAN)
        user = self.store.users.create_user(
            User(
                id=user_id,
                email=f"{user_id}@example.org",
                name="Ada",
                plan=plan.name,
                created_at=now,
                updated_at=now,
            )
        )
        return Caller(user=user, plan=plan, is_admin=is_admin)

    def problem(
        self, *, tests: int = 3, completed: bool = True, **fields: object
    ) -> ProblemSummary:
        """A stored problem whose tests are `n` → `2n`; the first is the sample."""
        now = self.clock.now()
        summary = ProblemSummary(
            id=0,
            key=KEY,
            title="Twice",
            is_completed=completed,
            created_at=now,
            updated_at=now,
            **fields,  # type: ignore[arg-type]
        )
        created = self.store.problems.create_problem(Problem(summary=summary)).summary
        if not tests:
            return created
        return self.store.problems.replace_testcases(
            KEY,
            [
                TestCase(
                    number=n,
                    input=f"{n}\n".encode(),
                    output=f"{2 * n}\n".encode(),
                    is_sample=n == 1,
                )
                for n in range(1, tests + 1)
            ],
        )

    def run(self, caller: Caller, **changes: str) -> str:
        """The id of a new run on own input."""
        fields = {"code": "print(input())", "language": "python3", "input": "1 2\n"}
        return self.runs.submit(caller, NewRun(**(fields | changes))).run_id

    def submit(self, caller: Caller, **changes: object) -> str:
        """The id of a new execution."""
        fields: dict[str, object] = {"code": "print(2)", "language": "python3", "problem": KEY}
        return self.executions.submit(caller, NewExecution(**(fields | changes))).history_id  # type: ignore[arg-type]
