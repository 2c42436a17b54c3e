"""The clients that tables are administered with, and how an endpoint says that it lacks an API."""

from __future__ import annotations

from typing import Any

import botocore.session  # type: ignore[import-untyped]  # botocore ships no types
from pynamodb.models import Model

from algoitny.domain.errors import StoreRejected
from algoitny.models.kit.binding import connection_of
from algoitny.models.kit.errors import error_code

_NO_SUCH_API = frozenset(
    {"UnknownOperationException", "UnknownOperation", "InvalidAction", "400", "404", "501"}
)
"""Local stores differ: a code of its own, or only the status, which botocore makes the code."""


class MissingApi(StoreRejected):
    """The endpoint does not offer something that the declaration asks for."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This endpoint has no {what}.")
        self.what = what


class Clients:
    """DynamoDB's own, which the models share, and Application Auto Scaling's, made when needed.

    `has_scaling` False: nothing answers for auto scaling beside this store.
    """

    def __init__(
        self, root: type[Model], *, has_scaling: bool = False, scaling_endpoint: str | None = None
    ) -> None:
        self._connection: Any = connection_of(root).connection
        self.tables: Any = self._connection.client
        self._has_scaling = has_scaling
        self._scaling_endpoint = scaling_endpoint
        self._scaling: Any = None

    @property
    def scaling(self) -> Any:
        """Raises MissingApi."""
        if not self._has_scaling:
            raise MissingApi("auto scaling")
        if self._scaling is None:
            credentials = self.tables._request_signer._credentials  # noqa: SLF001 - the same ones
            session = botocore.session.get_session()
            session._credentials = credentials  # noqa: SLF001 - whatever kind they are
            self._scaling = session.create_client(
                "application-autoscaling",
                region_name=self.tables.meta.region_name,
                endpoint_url=self._scaling_endpoint,
                config=self.tables.meta.config,
            )
        return self._scaling


def lacks_api(error: Exception) -> bool:
    """Whether the answer means that the endpoint does not know the operation."""
    return error_code(error) in _NO_SUCH_API
