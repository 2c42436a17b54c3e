"""Items come and go as by PynamoDB's own ways, for every model and any values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import AttributeDeserializationError, AttributeNullError
from pynamodb.models import Model

from algoitny.models import MODELS, TableItem
from algoitny.models.history import HistoryItem
from algoitny.models.kit.attributes import compress_json
from algoitny.models.kit.wire import dump, load

pytestmark = pytest.mark.slow

TEXT = st.text(max_size=20)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "S": TEXT,
    "N": st.integers(0, 10**12).map(str),
    "BOOL": st.booleans(),
    "B": st.integers().map(compress_json),
    "SS": st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, unique=True),
    "NS": st.lists(st.integers(0, 99).map(str), min_size=1, unique=True),
    "L": st.lists(TEXT.map(lambda text: {"S": text})),
    "M": st.dictionaries(TEXT, TEXT.map(lambda text: {"S": text})),
}
OF_A_FORM = {"JSONAttribute": "{}", "UTCDateTimeAttribute": "2025-03-14T09:26:53.589000+0000"}


def typed_values(attribute: Attribute[Any]) -> st.SearchStrategy[dict[str, Any]]:
    kind = attribute.attr_type
    form = OF_A_FORM.get(type(attribute).__name__)
    values = VALUES[kind] if form is None else st.just(form)
    return values.map(lambda value: {kind: value})


def raw_items(model: type[Model]) -> st.SearchStrategy[dict[str, Any]]:
    """Rows that the model may read, some attributes missing, some null."""
    attributes = model.get_attributes().values()
    null = st.just({"NULL": True})
    return st.fixed_dictionaries(
        {}, optional={each.attr_name: null | typed_values(each) for each in attributes}
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=20)
@given(data=st.data())
def test_it_is_what_pynamodb_makes(model: type[TableItem], data: st.DataObject) -> None:
    raw = data.draw(raw_items(model))
    assert load(model, raw).attribute_values == model.from_raw_data(raw).attribute_values


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=20)
@given(data=st.data())
def test_it_goes_as_pynamodb_sends_it(model: type[TableItem], data: st.DataObject) -> None:
    item = load(model, data.draw(raw_items(model)))
    try:
        expected: Any = item.serialize()
    except AttributeNullError:
        with pytest.raises(AttributeNullError):
            dump(item)
    else:
        assert dump(item) == expected


def test_an_unknown_attribute_is_left_out() -> None:
    item = load(HistoryItem, {"PK": {"S": "x"}, "of tomorrow": {"S": "y"}})
    assert item.attribute_values == {"pk": "x"}
    assert item.verdict is None


def test_a_value_of_another_type_is_an_error() -> None:
    with pytest.raises(AttributeDeserializationError, match="att"):
        load(HistoryItem, {"att": {"S": "one"}})


def test_an_instant_comes_back_as_it_was_set() -> None:
    item = HistoryItem("x", "y", updated=datetime(2025, 3, 14, 9, 26, 53, 589_793, tzinfo=UTC))
    assert load(HistoryItem, item.serialize(null_check=False)).updated == item.updated


def test_a_model_with_defaults_gets_them() -> None:
    class Defaulted(Model):
        name = UnicodeAttribute(hash_key=True)
        count = NumberAttribute(default=7)

    assert load(Defaulted, {"name": {"S": "x"}}).count == 7
