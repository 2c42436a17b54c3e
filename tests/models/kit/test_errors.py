"""Nothing that botocore or PynamoDB raises leaves the models as it is."""

from __future__ import annotations

import inspect
from typing import Any

import botocore.exceptions
import pytest
from botocore.parsers import ResponseParserError
from botocore.session import get_session
from pynamodb import exceptions as pynamo

from algoitny.domain.errors import (
    AlgoItnyError,
    Conflict,
    NotFound,
    StoreRejected,
    StoreUnavailable,
)
from algoitny.models.kit.errors import store_errors, translate


def subclasses(module: Any, *roots: type[Exception]) -> list[type[Exception]]:
    return [
        each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, roots)
    ]


def client_error(code: str, status: int = 400) -> botocore.exceptions.ClientError:
    response = {
        "Error": {"Code": code, "Message": "secret data"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return botocore.exceptions.ClientError(response, "PutItem")


def made(kind: type[Exception]) -> Exception:
    """One of each class, without caring for its arguments."""
    error = kind.__new__(kind)
    error.args = ("secret data",)
    return error


BOTO = subclasses(botocore.exceptions, botocore.exceptions.BotoCoreError)
PYNAMO = subclasses(pynamo, pynamo.PynamoDBException, TypeError, ValueError)


@pytest.mark.parametrize(
    "kind", [*BOTO, *PYNAMO, ResponseParserError], ids=lambda kind: kind.__name__
)
def test_every_class_becomes_one_of_ours(kind: type[Exception]) -> None:
    with pytest.raises(AlgoItnyError) as caught, store_errors():
        raise made(kind)
    assert "secret data" not in caught.value.detail


def test_there_are_classes_to_walk() -> None:
    assert len(BOTO) > 50
    assert len(PYNAMO) > 10


def dynamodb_errors() -> list[str]:
    model = get_session().get_service_model("dynamodb")
    return [shape.name for shape in model.error_shapes]


@pytest.mark.parametrize("code", dynamodb_errors())
def test_every_answer_that_dynamodb_documents_becomes_one_of_ours(code: str) -> None:
    for error in (client_error(code), pynamo.PutError("no", client_error(code))):
        with pytest.raises(AlgoItnyError) as caught, store_errors():
            raise error
        assert "secret data" not in caught.value.detail


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ConditionalCheckFailedException", Conflict),
        ("TransactionCanceledException", Conflict),
        ("ProvisionedThroughputExceededException", StoreUnavailable),
        ("ThrottlingException", StoreUnavailable),
        ("RequestLimitExceeded", StoreUnavailable),
        ("InternalServerError", StoreUnavailable),
        ("TransactionConflictException", StoreUnavailable),
        ("TransactionInProgressException", StoreUnavailable),
        ("ResourceNotFoundException", StoreUnavailable),
        ("ValidationException", StoreRejected),
        ("AccessDeniedException", StoreRejected),
        ("ItemCollectionSizeLimitExceededException", StoreRejected),
    ],
)
def test_the_kind_of_an_answer(code: str, expected: type[AlgoItnyError]) -> None:
    assert type(translate(client_error(code))) is expected


def test_any_answer_of_the_500s_is_a_failing_store() -> None:
    assert isinstance(translate(client_error("Whatever", 503)), StoreUnavailable)


def test_the_status_survives_pynamodbs_wrapping() -> None:
    wrapped = pynamo.VerboseClientError({"Error": {"Code": "Whatever"}}, "Query", {})
    wrapped.__cause__ = client_error("Whatever", 500)
    assert isinstance(translate(pynamo.QueryError("no", wrapped)), StoreUnavailable)


@pytest.mark.parametrize(
    "error",
    [
        botocore.exceptions.EndpointConnectionError(endpoint_url="http://x"),
        botocore.exceptions.ReadTimeoutError(endpoint_url="http://x"),
        botocore.exceptions.ConnectTimeoutError(endpoint_url="http://x"),
        botocore.exceptions.ConnectionClosedError(endpoint_url="http://x"),
        pynamo.TableDoesNotExist("t"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_store_that_cannot_be_reached_is_unavailable(error: Exception) -> None:
    assert isinstance(translate(error), StoreUnavailable)


@pytest.mark.parametrize(
    "kind",
    [
        botocore.exceptions.NoCredentialsError,
        botocore.exceptions.PartialCredentialsError,
        botocore.exceptions.CredentialRetrievalError,
        botocore.exceptions.InvalidConfigError,
        botocore.exceptions.LoginRefreshRequired,
        botocore.exceptions.MetadataRetrievalError,
        botocore.exceptions.RefreshWithMFAUnsupportedError,
        botocore.exceptions.TokenRetrievalError,
        botocore.exceptions.UnauthorizedSSOTokenError,
        botocore.exceptions.UnknownCredentialError,
    ],
    ids=lambda kind: kind.__name__,
)
def test_who_has_no_credentials_does_not_hear_of_a_silent_store(kind: type[Exception]) -> None:
    translated = translate(made(kind))
    assert isinstance(translated, StoreUnavailable)
    assert translated.detail == f"There are no credentials for DynamoDB ({kind.__name__})."


def test_a_missing_item_is_not_found() -> None:
    assert isinstance(translate(pynamo.DoesNotExist()), NotFound)


def test_our_own_errors_pass() -> None:
    own = NotFound("mine")
    with pytest.raises(NotFound) as caught, store_errors():
        raise own
    assert caught.value is own
