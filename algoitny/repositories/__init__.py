"""Named access patterns on the models. They return records of the domain, never models."""

from __future__ import annotations

from algoitny.domain.clock import Clock
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.repositories import Repositories
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.objects import ObjectStore
from algoitny.models.kit.spill import Spill
from algoitny.repositories.audit import DynamoAuditRepository
from algoitny.repositories.erasure import DynamoErasureRepository
from algoitny.repositories.hint import DynamoHintRepository
from algoitny.repositories.history import DynamoHistoryRepository
from algoitny.repositories.job import DynamoJobRepository
from algoitny.repositories.language import DynamoLanguageRepository
from algoitny.repositories.leaderboard import DynamoLeaderboardRepository
from algoitny.repositories.lease import DynamoLeaseRepository
from algoitny.repositories.measured import measured
from algoitny.repositories.migration import DynamoMigrationRepository
from algoitny.repositories.outbox import DynamoOutboxRepository
from algoitny.repositories.plan import DynamoPlanRepository
from algoitny.repositories.pointer import DynamoPointerRepository
from algoitny.repositories.problem import DynamoProblemRepository
from algoitny.repositories.run import DynamoRunRepository
from algoitny.repositories.session import DynamoSessionRepository
from algoitny.repositories.spend import DynamoSpendRepository
from algoitny.repositories.stats import DynamoStatsRepository
from algoitny.repositories.token import DynamoTokenRepository
from algoitny.repositories.usage import DynamoUsageRepository
from algoitny.repositories.user import DynamoUserRepository
from algoitny.repositories.webhook_secret import DynamoWebhookSecretRepository


def build_repositories(
    *,
    clock: Clock,
    ids: Ids,
    secret_key: str,
    patience: Patience | None = None,
    objects: ObjectStore | None = None,
) -> Repositories:
    """All repositories on the bound models; `secret_key` signs their cursors, `patience` bounds
    their own retries, `objects` takes what no row can hold."""
    spill = Spill(objects)
    cursors = Cursors(secret_key, clock)
    patience = patience or Patience(clock=clock)
    problems = DynamoProblemRepository(
        clock=clock, ids=ids, cursors=cursors, patience=patience, spill=spill
    )
    histories = DynamoHistoryRepository(
        clock=clock,
        ids=ids,
        cursors=cursors,
        problems=problems,
        patience=patience,
        spill=spill,
    )
    jobs = DynamoJobRepository(clock=clock, ids=ids, cursors=cursors, patience=patience)
    pointers = DynamoPointerRepository(ids=ids, patience=patience)
    repositories = Repositories(
        users=DynamoUserRepository(clock=clock, ids=ids, cursors=cursors, patience=patience),
        plans=DynamoPlanRepository(clock=clock),
        problems=problems,
        tokens=DynamoTokenRepository(clock=clock, cursors=cursors),
        sessions=DynamoSessionRepository(clock=clock, patience=patience),
        webhook_secrets=DynamoWebhookSecretRepository(clock=clock),
        erasures=DynamoErasureRepository(
            clock=clock,
            ids=ids,
            patience=patience,
            histories=histories,
            jobs=jobs,
            pointers=pointers,
            problems=problems,
            spill=spill,
        ),
        histories=histories,
        hints=DynamoHintRepository(clock=clock, ids=ids, patience=patience),
        usage=DynamoUsageRepository(clock=clock, ids=ids, cursors=cursors, patience=patience),
        stats=DynamoStatsRepository(cursors=cursors, ids=ids, patience=patience),
        languages=DynamoLanguageRepository(clock=clock),
        jobs=jobs,
        pointers=pointers,
        leases=DynamoLeaseRepository(clock=clock, ids=ids),
        leaderboards=DynamoLeaderboardRepository(clock=clock, cursors=cursors, patience=patience),
        audit=DynamoAuditRepository(clock=clock, ids=ids, cursors=cursors),
        spend=DynamoSpendRepository(clock=clock, ids=ids, patience=patience),
        migrations=DynamoMigrationRepository(clock=clock, ids=ids),
        runs=DynamoRunRepository(clock=clock, ids=ids, patience=patience),
        outbox=DynamoOutboxRepository(clock=clock, ids=ids, patience=patience),
    )
    return measured(repositories)
