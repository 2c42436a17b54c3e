"""What each live worker can run."""

from __future__ import annotations

from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import CompressedJSONAttribute
from algoitny.models.kit.keys import Key, sort_key
from algoitny.models.sequence import SYSTEM

LANGUAGES_SORT = sort_key("LNG#{worker}")


def languages_key(worker: str) -> Key:
    return Key(SYSTEM, LANGUAGES_SORT(worker=worker))


class WorkerLanguagesItem(TableItem):
    TYPE = "languages"

    versions = CompressedJSONAttribute(attr_name="lngs")
