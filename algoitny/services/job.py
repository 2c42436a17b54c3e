"""What administrators do with work in the background; each change is a line of the audit log."""

from __future__ import annotations

from algoitny.domain.audit import AuditRepository
from algoitny.domain.errors import NotFound
from algoitny.domain.job import Job, JobRepository


class JobService:
    """`actor` is who did it, a user's id or somebody at a shell."""

    def __init__(self, *, jobs: JobRepository, audit: AuditRepository) -> None:
        self._jobs = jobs
        self._audit = audit

    def retry(self, job_id: str, *, actor: str) -> Job:
        """Begin a failed or cancelled job again. Raises NotFound, Conflict."""
        job = self._jobs.get_job(job_id, consistent=True)
        if job is None:
            raise NotFound(f"There is no job {job_id}.")
        again = self._jobs.retry(job)
        self._audit.append(
            actor=actor,
            action="job.retry",
            subject=f"job {job_id}",
            details={"type": job.type, "state": job.state, "error": job.error},
        )
        return again
