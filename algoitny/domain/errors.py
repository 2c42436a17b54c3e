"""Every error the product raises on purpose, in one tree.

    AlgoItnyError
    ├── InvalidInput              a value that can never be accepted; names the fields
    │   ├── InvalidCursor         a page cursor that is forged, cut, expired or of another list
    │   ├── LanguageUnavailable   known or not, no worker can run it
    │   ├── KeyReused             an idempotency key sent again with another body
    │   ├── MalformedArchive      a zip file that is damaged, cut or none
    │   └── TooLarge              over a limit of the store or of the product
    ├── NotAuthenticated          nobody is signed in, or the token is no longer good
    ├── Forbidden                 signed in, but not allowed
    ├── NotFound                  not there, or not for this caller's eyes
    ├── Conflict                  right request, wrong moment
    │   ├── AlreadyExists         a unique value is taken
    │   ├── NoTests               the problem has no test cases
    │   ├── NothingFailed         a hint was asked for a run without failures
    │   ├── NotFinished           the execution has no result yet
    │   ├── DuplicateRequest      this idempotency key was used; read the first answer
    │   ├── StaleAttempt          another attempt owns the execution now
    │   └── StaleVersion          the row changed since it was read
    ├── QuotaExceeded             the day's units are used up; carries count, limit and reset time
    ├── Overloaded                this process serves as many waiting clients as it can
    ├── Unavailable               something outside did not answer in time
    │   ├── StoreUnavailable      DynamoDB: unreachable, throttled, failing
    │   └── QueueUnavailable      the broker did not take the message
    ├── StoreRejected             DynamoDB refused a request that we should not have sent
    └── JudgeFailure              the judge's own fault; the execution ends FAILED, uncharged

`slug` is stable: it is the fragment in a problem document's `type` and a heading of
`docs/errors.md`. The HTTP status of each belongs to `algoitny.api.errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Self

from algoitny.domain.clock import rfc3339


@dataclass(frozen=True, slots=True)
class FieldError:
    """One bad field: a JSON pointer (RFC 6901) into the request, and what is wrong with it."""

    pointer: str
    detail: str


class AlgoItnyError(Exception):
    """Root of the tree; `detail` is a sentence a caller may read and never holds a secret."""

    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title

    @property
    def extras(self) -> Mapping[str, object]:
        """Further members of the problem document."""
        return {}


class InvalidInput(AlgoItnyError):
    """Values that can never be accepted; `errors` names each bad field."""

    slug = "invalid-input"
    title = "Invalid input"

    def __init__(self, detail: str = "", errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.errors = errors

    @classmethod
    def field(cls, pointer: str, detail: str) -> Self:
        """One bad field, which is also the sentence."""
        return cls(detail, (FieldError(pointer, detail),))

    @classmethod
    def fields(cls, errors: Iterable[FieldError]) -> Self:
        """Some bad fields, one at least; the sentence names the first."""
        listed = tuple(errors)
        first = listed[0]
        more = f" (and {len(listed) - 1} more)" if len(listed) > 1 else ""
        where = f"{first.pointer}: " if first.pointer else ""
        return cls(f"{where}{first.detail}{more}", listed)

    def relocate(self, place: Callable[[str], str]) -> None:
        """Name the fields by other pointers: those of whoever sent the values in another form."""
        self.errors = tuple(replace(bad, pointer=place(bad.pointer)) for bad in self.errors)


class InvalidCursor(InvalidInput):
    slug = "invalid-cursor"
    title = "Invalid cursor"


class LanguageUnavailable(InvalidInput):
    slug = "language-unavailable"
    title = "Language not available"


class KeyReused(InvalidInput):
    slug = "idempotency-key-reused"
    title = "Idempotency key reused with another request"


class MalformedArchive(InvalidInput):
    slug = "malformed-archive"
    title = "Malformed archive"


class TooLarge(InvalidInput):
    slug = "too-large"
    title = "Too large"


class NotAuthenticated(AlgoItnyError):
    slug = "not-authenticated"
    title = "Sign-in required"


class Forbidden(AlgoItnyError):
    slug = "forbidden"
    title = "Not allowed"


class NotFound(AlgoItnyError):
    slug = "not-found"
    title = "Not found"


class Conflict(AlgoItnyError):
    slug = "conflict"
    title = "Conflict"


class AlreadyExists(Conflict):
    slug = "already-exists"
    title = "Already exists"


class NoTests(Conflict):
    slug = "no-tests"
    title = "The problem has no tests"


class NothingFailed(Conflict):
    slug = "nothing-failed"
    title = "Nothing failed"


class NotFinished(Conflict):
    slug = "not-finished"
    title = "The execution is not finished"


class DuplicateRequest(Conflict):
    slug = "duplicate-request"
    title = "Duplicate request"


class StaleAttempt(Conflict):
    slug = "stale-attempt"
    title = "Another attempt owns the execution"


class StaleVersion(Conflict):
    slug = "stale-version"
    title = "Changed in the meantime"


class QuotaExceeded(AlgoItnyError):
    """The day's units of one action are used up until `reset_time` (aware, UTC)."""

    slug = "quota-exceeded"
    title = "Daily limit reached"

    def __init__(self, action: str, count: int, limit: int, reset_time: datetime) -> None:
        super().__init__(
            f"{count} of {limit} {action}s used today; the limit resets at {rfc3339(reset_time)}."
        )
        self.action = action
        self.count = count
        self.limit = limit
        self.reset_time = reset_time

    @property
    def extras(self) -> Mapping[str, object]:
        return {
            "action": self.action,
            "current_count": self.count,
            "limit": self.limit,
            "reset_time": rfc3339(self.reset_time),
        }


class Overloaded(AlgoItnyError):
    slug = "overloaded"
    title = "Too many waiting clients"


class Unavailable(AlgoItnyError):
    slug = "unavailable"
    title = "Temporarily unavailable"


class StoreUnavailable(Unavailable):
    slug = "store-unavailable"
    title = "The store did not answer"


class QueueUnavailable(Unavailable):
    slug = "queue-unavailable"
    title = "The queue did not answer"


class StoreRejected(AlgoItnyError):
    slug = "store-rejected"
    title = "The store refused the request"


class JudgeFailure(AlgoItnyError):
    """`complaint` is what a setter's own program said, for the setter alone: it may quote answers,
    so it is neither stored nor logged."""

    slug = "judge-failure"
    title = "The judge failed"

    def __init__(self, detail: str = "", *, complaint: str = "") -> None:
        super().__init__(detail)
        self.complaint = complaint
