"""moto without what it does again and again: the same answers, for a third of the time.

Its own work is most of the time of the tests that run on it. Only what is dear, and easily had for
less, is here; `test_light_moto.py` compares the answers.
"""

from __future__ import annotations

import base64
import copy
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.signers import RequestSigner
from moto.core import DEFAULT_ACCOUNT_ID, responses
from moto.core import models as mock
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.serialize import JSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.exceptions import ItemSizeTooLarge, MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.parsing.validators import ActionCountValidator, OverlappingPathsValidator
from moto.dynamodb.responses import DynamoHandler

from algoitny.models.kit.data_plane import OPERATIONS

ADDRESS = re.compile(r"https://dynamodb\.(?P<region>[^.]+)\.amazonaws\.com/$")

ITEM_BYTES = 405000
"""As moto has it, between AWS's 400 KB and what AWS was seen to take."""


def lighten(patch: pytest.MonkeyPatch) -> None:
    """Until `patch` is undone."""
    # What answers the library `requests` is a list of a thousand patterns, made at each start.
    patch.setattr(mock, "RESPONSES_METHODS", [])
    patch.setattr(RequestSigner, "handler", lambda *_, **__: None)  # nobody looks at a signature
    patch.setattr(BotocoreStubber, "process_request", _process_request)
    patch.setattr(responses, "method_names_from_class", _names_of_methods)
    patch.setattr(DynamoHandler, "_enrich_response", staticmethod(_with_id))
    patch.setattr(JSONSerializer, "_serialize_result", _serialize_result)
    patch.setattr(UpdateExpressionParser, "make", _update_expression)
    patch.setattr(Node, "__deepcopy__", _copy_node, raising=False)
    patch.setattr(DepthFirstTraverser, "traverse", _traverse)
    for validator, check in (
        (ActionCountValidator, ActionCountValidator.verify_action_counts),
        (OverlappingPathsValidator, OverlappingPathsValidator.check_for_overlapping_paths),
    ):
        patch.setattr(validator, "traverse", _of_the_whole(check))
    patch.setattr(ConditionExpressionParser, "_lex_condition_expression", _lex)
    patch.setattr(Item, "__init__", _new_item)
    patch.setattr(Table, "__deepcopy__", _copy_rows, raising=False)
    patch.setattr(Table, "all_items", _all_items)
    patch.setattr(DynamoDBBackend, "transact_write_items", _transact)


_names_of_methods = cache(method_names_from_class)
_process_any_request = BotocoreStubber.process_request


def _process_request(stubber: BotocoreStubber, request: AWSPreparedRequest) -> Any:
    """Without a look through the addresses of all services, and a WSGI request made of it."""
    address = ADDRESS.match(request.url)
    if not address:
        return _process_any_request(stubber, request)
    handler = DynamoHandler()
    handler.headers = {
        name: request.headers[name].decode() for name in ("X-Amz-Target", "Content-Type")
    }
    handler.querystring = handler.uri_match = {}
    handler.response_headers = {}
    handler.current_account = DEFAULT_ACCOUNT_ID
    handler.region = address["region"]
    handler.parse_parameters(
        SimpleNamespace(
            method=request.method,
            content_type=handler.headers["Content-Type"],
            headers=handler.headers,
            values={},
            data=request.body,
            path="/",
        )
    )
    return handler.call_action()


def _with_id(headers: dict[str, Any], body: Any) -> tuple[dict[str, Any], Any]:
    """Always the same one; moto draws it letter by letter, and looks for its place in XML."""
    return headers | {"x-amzn-requestid": "MOTO"}, body


_serialize_by_shape = JSONSerializer._serialize_result


def _serialize_result(serializer: JSONSerializer, answer: Any, result: Any) -> Any:
    """Without a search for each member of each value under all names that it might have: answers
    with items are already as they are sent, but for bytes."""
    if serializer.operation_name not in OPERATIONS:
        return _serialize_by_shape(serializer, answer, result)
    shape = serializer.operation_model.output_shape
    answer = serializer._serialized_result_to_response(answer, result, shape, {})
    body = {name: result[name] for name in shape.members if result.get(name) is not None}
    answer["body"] = json.dumps(body, default=_as_text)
    return answer


def _as_text(value: bytes) -> str:
    return base64.b64encode(value).decode()


_parse_update = UpdateExpressionParser.make


@cache
def _update_expression(expression: str) -> Any:
    """It is copied before it is changed."""
    return _parse_update(expression)


def _copy_node(node: Any, memo: dict[int, Any]) -> Any:
    twin = object.__new__(type(node))
    twin.__dict__.update(node.__dict__)
    twin.parent = None
    if node.children is not None:
        twin.children = [
            _copy_node(child, memo) if isinstance(child, Node) else child for child in node.children
        ]
        for child in twin.children:
            if isinstance(child, Node):
                child.parent = twin
    return twin


def _traverse(traverser: DepthFirstTraverser, root: Any) -> Any:
    """As moto does, with one look at what the traverser processes."""
    processors = traverser._processing_map()
    kinds = tuple(processors)

    def visit(node: Any, place: int) -> Any:
        is_node, kind = _kind_of(type(node), kinds)
        if not is_node:
            return node
        parent = node.parent
        for number, child in enumerate(node.children or ()):
            traverser.pre_processing_of_child(node, number)
            visit(child, number)
        if kind is not None:
            node = processors[kind](node)
            node.parent = parent
            if parent:
                parent.children[place] = node
        return node

    return visit(root, -1)


@cache
def _kind_of(kind: type, kinds: tuple[type, ...]) -> tuple[bool, type | None]:
    """Whether it is a node's type, and as which of the kinds it is processed."""
    return issubclass(kind, Node), next((one for one in kinds if issubclass(kind, one)), None)


_traverse_all = DepthFirstTraverser.traverse


def _of_the_whole(check: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """What holds for the whole expression holds for each part; where it does not, moto says why."""

    def traverse(validator: Any, root: Any) -> Any:
        try:
            return check(validator, root)
        except MockValidationException:
            return _traverse_all(validator, root)

    return traverse


_lex_afresh = ConditionExpressionParser._lex_condition_expression


def _lex(parser: ConditionExpressionParser) -> deque[Any]:
    return deque(_lexed(parser.condition_expression))


@cache
def _lexed(expression: str) -> tuple[Any, ...]:
    return tuple(_lex_afresh(ConditionExpressionParser(expression, None, None)))


def _new_item(
    item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]
) -> None:
    """Measured once, not with each attribute anew."""
    item.hash_key = hash_key
    item.range_key = range_key
    item.attrs = LimitedSizeDict()
    for name, value in attrs.items():
        dict.__setitem__(item.attrs, name, DynamoType(value))
    if item.size() > ITEM_BYTES:
        raise ItemSizeTooLarge


def _all_items(table: Table) -> list[Item]:
    """In the order of their keys, each of which is made comparable once."""
    if not table.range_key_attr:
        return _all_items_of_any(table)
    rows = [item for partition in table.items.values() for item in partition.values()]
    rows.sort(key=lambda item: (item.hash_key.cast_value, item.range_key.cast_value))
    return rows


_all_items_of_any = Table.all_items
_transact_with_copies = DynamoDBBackend.transact_write_items


def _transact(backend: DynamoDBBackend, writes: list[dict[str, Any]]) -> None:
    """It copies the table for each write, all before the first: one copy will do."""
    copied = [(table, _lazy_copy(table)) for table in backend.tables.values()]
    for table, twin in copied:
        table.__deepcopy__ = twin
    try:
        _transact_with_copies(backend, writes)
    finally:
        for table, _ in copied:
            del table.__deepcopy__


def _lazy_copy(table: Table) -> Callable[[dict[int, Any]], Table]:
    twins: list[Table] = []

    def twin(memo: dict[int, Any]) -> Table:
        if not twins:
            twins.append(type(table).__deepcopy__(table, memo))
            twins[0].__dict__.pop("__deepcopy__")
        return twins[0]

    return twin


def _copy_rows(table: Any, memo: dict[int, Any]) -> Any:
    """What moto needs of a table to take a transaction back: its rows.

    It copies the table once for each write of a transaction, would copy its stream, which grows
    with every write, too, and measures a row anew with each attribute that it copies: that alone
    would be most of the time of the tests.
    """
    twin = copy.copy(table)
    twin.stream_shard = None
    twin.items = defaultdict(dict)
    for partition, rows in table.items.items():
        twin.items[partition] = {sort: _copy_row(row, memo) for sort, row in rows.items()}
    return twin


def _copy_row(row: Any, memo: dict[int, Any]) -> Any:
    twin = copy.copy(row)
    twin.attrs = type(row.attrs)()
    for name, value in row.attrs.items():
        scalar = isinstance(value.value, str | bytes | bool)
        dict.__setitem__(twin.attrs, name, value if scalar else copy.deepcopy(value, memo))
    return twin
