"""Items from the store's form and into it.

PynamoDB's own ways go through all attributes that a model may have, and read or assign each through
its descriptors; a page of lines spends more time there than in being received and parsed. Here only
those that are there are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar

from pynamodb.attributes import Attribute, ListAttribute, MapAttribute
from pynamodb.constants import NULL
from pynamodb.exceptions import AttributeDeserializationError, AttributeNullError
from pynamodb.models import Model

from algoitny.models.kit.families import families_of

M = TypeVar("M", bound=Model)


class _Loader(NamedTuple):
    name: str
    kind: str
    deserialize: Callable[[Any], Any] | None
    """None: the value is as it came."""


def load(model: type[M], raw: Mapping[str, Mapping[str, Any]]) -> M:
    """What `model.from_raw_data` makes. Raises as it does, AttributeDeserializationError."""
    loaders = _loaders(model)
    if loaders is None:
        return model.from_raw_data(dict(raw))
    values: dict[str, Any] = {}
    families = families_of(model)
    for stored, typed in raw.items():
        loader = loaders.get(stored)
        if loader is None:
            prefix, _, member = stored.partition("#")
            if prefix in families:
                values.setdefault(families[prefix], {})[member] = int(typed["N"])
            continue  # else of a newer version
        if loader.kind in typed:
            value = typed[loader.kind]
            values[loader.name] = value if loader.deserialize is None else loader.deserialize(value)
        elif NULL not in typed:
            raise AttributeDeserializationError(stored, loader.kind)
    item = model.__new__(model)
    item.attribute_values = values
    return item


def dump(item: Model) -> dict[str, dict[str, Any]]:
    """What `item.serialize()` makes. Raises as it does, AttributeNullError."""
    writers = _writers(type(item))
    if writers is None:
        return item.serialize()
    raw: dict[str, dict[str, Any]] = {}
    for name, value in item.attribute_values.items():
        if value is not None:
            stored, kind, serialize = writers.by_name[name]
            raw[stored] = {kind: value if serialize is None else serialize(value)}
    for stored, name in writers.required:
        if stored not in raw:
            raise AttributeNullError(name)
    return raw


@cache
def _loaders(model: type[Model]) -> dict[str, _Loader] | None:
    """By stored name; None for a model that needs more than its stored values."""
    attributes = model.get_attributes()
    has_defaults = any(attribute.default is not None for attribute in attributes.values())
    if has_defaults or getattr(model, "_discriminator", None):
        return None
    return {
        attribute.attr_name: _Loader(name, attribute.attr_type, _deserializer(attribute))
        for name, attribute in attributes.items()
    }


class _Writers(NamedTuple):
    by_name: dict[str, tuple[str, str, Callable[[Any], Any] | None]]
    required: tuple[tuple[str, str], ...]


@cache
def _writers(model: type[Model]) -> _Writers | None:
    """By the attributes' names in Python; None for a model with nested ones, which check more."""
    attributes = model.get_attributes()
    if any(
        isinstance(attribute, ListAttribute | MapAttribute) for attribute in attributes.values()
    ):
        return None
    return _Writers(
        {
            name: (attribute.attr_name, attribute.attr_type, _serializer(attribute))
            for name, attribute in attributes.items()
        },
        tuple((each.attr_name, name) for name, each in attributes.items() if not each.null),
    )


def _serializer(attribute: Attribute[Any]) -> Callable[[Any], Any] | None:
    plain = type(attribute).serialize is Attribute.serialize
    return None if plain else attribute.serialize


def _deserializer(attribute: Attribute[Any]) -> Callable[[Any], Any] | None:
    plain = type(attribute).deserialize is Attribute.deserialize
    return None if plain else attribute.deserialize
