"""Jobs, and how their workers keep them."""

from __future__ import annotations

from algoitny.domain.job import Job, JobState, JobType
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.copies import copy_jobs
from tests.realistic import CODE, GRACE, a_key

TASK = "c7c1e7b0-2f0f-4c8e-9f53-0d3b8a5f1c22"
REQUEST = {"platform": "baekjoon", "number": "11286", "constraints": "1 ≤ n ≤ 20 000", "tests": 20}
RESULT = {"script": CODE, "explanation": "Small cases first, then a chain, a star, a full graph."}


def a_job(world: World, *, task_id: str | None = None) -> Job:
    return Job(
        id=world.ids.new(),
        type=JobType.GENERATION,
        user_id=GRACE,
        title="baekjoon 11286, Absolute Value Heap",
        task_id=task_id,
        created_at=world.clock.now(),
        updated_at=world.clock.now(),
    )


def created(world: World, *, task_id: str | None = None) -> Job:
    return world.repositories.jobs.create_job(a_job(world, task_id=task_id), REQUEST)


def claimed(world: World) -> Job:
    return world.repositories.jobs.claim(created(world).id, lease_seconds=60)


def failed(world: World) -> Job:
    return world.repositories.jobs.fail(claimed(world), reason="The model did not answer.")


@pattern(
    "J1",
    "jobs.create_job",
    "Transact: Put JOB#<ulid> / META if attribute_not_exists(PK)",
    "and Put JOB#<ulid> / BODY",
    writes=7,
)
def _(world: World) -> Call:
    job = a_job(world)
    return lambda: world.repositories.jobs.create_job(job, REQUEST)


@pattern(
    "J1b",
    "jobs.create_job",
    "Transact: Put IDK#<grace>#<sha256> / UNQ if (attribute_not_exists(PK) OR ttl < <time>)",
    "and Put JOB#<ulid> / META if attribute_not_exists(PK)",
    "and Put JOB#<ulid> / BODY",
    "and Put LEG#task#c7c1e7b0-2f0f-4c8e-9f53-0d3b8a5f1c22 / PTR if (attribute_not_exists(PK) OR tgt = <ulid>)",
    writes=11,
    way="with a key and a task id",
)
def _(world: World) -> Call:
    job = a_job(world, task_id=TASK)
    return lambda: world.repositories.jobs.create_job(job, REQUEST, idempotency=a_key())


@pattern("J2", "jobs.get_job", "Get JOB#<ulid> / META", reads=0.5)
def _(world: World) -> Call:
    job = created(world)
    return lambda: world.repositories.jobs.get_job(job.id)


@pattern("J2b", "jobs.get_job_with_body", "BatchGet JOB#<ulid> / META, JOB#<ulid> / BODY", reads=1)
def _(world: World) -> Call:
    job = created(world)
    return lambda: world.repositories.jobs.get_job_with_body(job.id)


@pattern(
    "J2c",
    "jobs.get_job_by_task_id",
    "Get LEG#task#c7c1e7b0-2f0f-4c8e-9f53-0d3b8a5f1c22 / PTR",
    "Get JOB#<ulid> / META",
    reads=1,
)
def _(world: World) -> Call:
    created(world, task_id=TASK)
    return lambda: world.repositories.jobs.get_job_by_task_id(TASK)


@pattern(
    "J3",
    "jobs.list_jobs",
    "Query GSI1: GSI1PK = JOBS#generation#PENDING; backwards; at most 20",
    reads=1,
)
def _(world: World) -> Call:
    copy_jobs(created(world), 40)
    return lambda: world.repositories.jobs.list_jobs(JobType.GENERATION, JobState.PENDING, limit=20)


@pattern(
    "J3b",
    "jobs.list_user_jobs",
    "Query GSI2: GSI2PK = USR#<grace>#JOBS; backwards; at most 20",
    "BatchGet 20 × JOB#<ulid> / META",
    reads=10.5,
)
def _(world: World) -> Call:
    copy_jobs(created(world), 40)
    return lambda: world.repositories.jobs.list_user_jobs(GRACE, limit=20)


@pattern(
    "J3c",
    "jobs.list_due",
    "Query GSI3: (GSI3PK = QUEUE#JOB AND GSI3SK < <time>); at most 1000",
    "BatchGet 2 × JOB#<ulid> / META; consistent",
    reads=2.5,
)
def _(world: World) -> Call:
    created(world)
    created(world)
    world.clock.advance(60)
    return lambda: world.repositories.jobs.list_due(before=world.clock.now())


@pattern(
    "J4",
    "jobs.claim",
    "Get JOB#<ulid> / META; consistent",
    "Update JOB#<ulid> / META if (sta = PENDING OR (sta = PROCESSING AND lse < <time>))",
    reads=1,
    writes=6,
)
def _(world: World) -> Call:
    job = created(world)
    return lambda: world.repositories.jobs.claim(job.id, lease_seconds=60)


@pattern(
    "J4b", "jobs.renew", "Update JOB#<ulid> / META if (sta = PROCESSING AND att = 1)", writes=4
)
def _(world: World) -> Call:
    job = claimed(world)
    world.clock.advance(20)
    return lambda: world.repositories.jobs.renew(job, lease_seconds=60)


@pattern(
    "J4c",
    "jobs.save_checkpoint",
    "Update JOB#<ulid> / META if (sta = PROCESSING AND att = 1)",
    writes=4,
)
def _(world: World) -> Call:
    job = claimed(world)
    world.clock.advance(20)
    done = {"after": world.ids.new(), "in_flight": [world.ids.new()] * 2, "changed": 17}
    return lambda: world.repositories.jobs.save_checkpoint(job, done, lease_seconds=60)


@pattern(
    "J5",
    "jobs.add_progress",
    "Transact: Update JOB#<ulid> / META if ((sta = PROCESSING AND att = 1) AND prg = 0)",
    "and Put JOB#<ulid> / PRG#000001",
    writes=5,
)
def _(world: World) -> Call:
    job = claimed(world)
    return lambda: world.repositories.jobs.add_progress(job, "Inputs 1 to 5 are generated.")


@pattern(
    "J5b",
    "jobs.list_progress",
    "Query: (PK = JOB#<ulid> AND SK BETWEEN PRG#000001 AND PRG#001000); at most 100",
    reads=0.5,
)
def _(world: World) -> Call:
    job = claimed(world)
    for number in range(5):
        job = world.repositories.jobs.add_progress(job, f"Input {number} is generated.")
    return lambda: world.repositories.jobs.list_progress(job.id)


@pattern(
    "J6",
    "jobs.finish",
    "Transact: Update JOB#<ulid> / META if (sta = PROCESSING AND att = 1)",
    "and Update JOB#<ulid> / BODY",
    writes=10,
)
def _(world: World) -> Call:
    job = claimed(world)
    return lambda: world.repositories.jobs.finish(job, RESULT)


@pattern("J6b", "jobs.fail", "Update JOB#<ulid> / META if (sta = PROCESSING AND att = 1)", writes=5)
def _(world: World) -> Call:
    job = claimed(world)
    return lambda: world.repositories.jobs.fail(job, reason="The model did not answer.")


@pattern("J6c", "jobs.retry", "Update JOB#<ulid> / META if (sta = FAILED AND att = 1)", writes=5)
def _(world: World) -> Call:
    job = failed(world)
    return lambda: world.repositories.jobs.retry(job)


@pattern(
    "J6d",
    "jobs.cancel",
    "Get JOB#<ulid> / META; consistent",
    "Update JOB#<ulid> / META if sta IN (PENDING, PROCESSING)",
    reads=1,
    writes=5,
)
def _(world: World) -> Call:
    job = created(world)
    return lambda: world.repositories.jobs.cancel(job.id)


@pattern(
    "J7",
    "jobs.delete_job",
    "Get JOB#<ulid> / META; consistent",
    "Query: PK = JOB#<ulid>; consistent",
    "BatchWrite: Delete JOB#<ulid> / BODY",
    "Transact: Delete JOB#<ulid> / META",
    reads=2,
    writes=5,
)
def _(world: World) -> Call:
    job = failed(world)
    return lambda: world.repositories.jobs.delete_job(job.id)


@pattern("J7b", "jobs.disown_job", "Update JOB#<ulid> / META if attribute_exists(PK)", writes=3)
def _(world: World) -> Call:
    job = claimed(world)
    return lambda: world.repositories.jobs.disown_job(job.id)
