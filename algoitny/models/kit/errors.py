"""Turns every error of botocore and PynamoDB into one of the product's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import botocore.exceptions as boto  # type: ignore[import-untyped]  # botocore ships no types
from botocore.parsers import ResponseParserError  # type: ignore[import-untyped]  # nor here
from pynamodb import exceptions as pynamo

from algoitny.domain.errors import (
    AlgoItnyError,
    Conflict,
    NotFound,
    StoreRejected,
    StoreUnavailable,
)

CONDITION_FAILED = "ConditionalCheckFailedException"
TRANSACTION_CANCELLED = "TransactionCanceledException"
TRANSIENT_CODES = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "RequestTimeoutException",
        "ReplicatedWriteConflictException",
        "ResourceInUseException",
        "ResourceNotFoundException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""Answers that another moment may change. A missing table is one: somebody is creating it."""

_WITHOUT_CREDENTIALS: tuple[type[Exception], ...] = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.InvalidConfigError,
    boto.LoginError,
    boto.MetadataRetrievalError,
    boto.RefreshWithMFAUnsupportedError,
    boto.SSOError,
    boto.TokenRetrievalError,
    boto.UnknownCredentialError,
)
"""Nothing was sent. Another moment may change that too, where a machine's role gives them."""

_UNREACHABLE: tuple[type[Exception], ...] = (
    boto.HTTPClientError,
    boto.ConnectionError,
    boto.IncompleteReadError,
    boto.ReadTimeoutError,
    ResponseParserError,
)

STORE_ERRORS: tuple[type[Exception], ...] = (
    boto.BotoCoreError,
    boto.ClientError,
    ResponseParserError,
    pynamo.PynamoDBException,
    pynamo.AttributeDeserializationError,
    pynamo.AttributeNullError,
)
"""All that the layer beneath raises on purpose."""


def error_code(error: Exception) -> str:
    """DynamoDB's code of a refusal, or an empty string."""
    cause = getattr(error, "cause", None)
    response = getattr(cause if isinstance(cause, Exception) else error, "response", None)
    return str((response or {}).get("Error", {}).get("Code", ""))


def translate(error: Exception) -> AlgoItnyError:
    """The product's error for one of the layer beneath.

    Its sentence names the kind of failure and never repeats DynamoDB's, which may quote data.
    """
    cause = getattr(error, "cause", None)
    if isinstance(cause, Exception):
        return translate(cause)
    if isinstance(error, pynamo.DoesNotExist):
        return NotFound()
    if isinstance(error, pynamo.TableDoesNotExist):
        return StoreUnavailable("The table does not exist.")
    if isinstance(error, boto.ClientError):
        return _translate_answer(error)
    return _translate_silence(error)


def _translate_silence(error: Exception) -> AlgoItnyError:
    kind = type(error).__name__
    if isinstance(error, _WITHOUT_CREDENTIALS):
        return StoreUnavailable(f"There are no credentials for DynamoDB ({kind}).")
    if isinstance(error, _UNREACHABLE):
        return StoreUnavailable(f"DynamoDB did not answer ({kind}).")
    return StoreRejected(f"The request could not be made ({kind}).")


def _translate_answer(error: boto.ClientError) -> AlgoItnyError:
    code = error_code(error)
    # PynamoDB wraps botocore's error in its own, which leaves the status behind.
    answer = getattr(error.__cause__, "response", error.response)
    status = (answer.get("ResponseMetadata") or {}).get("HTTPStatusCode", 0)
    if code in {CONDITION_FAILED, TRANSACTION_CANCELLED}:
        return Conflict()
    if code in TRANSIENT_CODES or status >= 500:
        return StoreUnavailable(f"DynamoDB answered {code}.")
    return StoreRejected(f"DynamoDB answered {code}.")


@contextmanager
def store_errors() -> Iterator[None]:
    """Nothing but the product's errors leaves this block."""
    try:
        yield
    except STORE_ERRORS as error:
        raise translate(error) from error
