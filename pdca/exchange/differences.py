"""What differs between two documents of one plan, field by field, under the names that `plan set` takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from pdca.exchange.activity_records import MEANS, Activity
from pdca.exchange.plan_records import Member
from pdca.exchange.values import LANGUAGE

_ALONE: Final = ("text", "party", "id")
_DEFAULTS: Final = {
    ("activities", "status"): Activity.model_fields["status"].default,
    ("group", "role"): Member.model_fields["role"].default,
}
"""What a part of an entry of a list says where it is not written."""
_NAMED_BY: Final = (
    ("id",),
    ("party",),
    ("to", "date"),
    ("date", "kind"),
    ("year",),
    ("period",),
    ("number",),
    ("by", "from"),
    ("day",),
    ("after", "to"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with its value in either document as JSON, decimals as texts; None where it is not there."""

    field: str
    before: Any
    after: Any

    @property
    def change(self) -> Literal["added", "removed", "changed"]:
        """What became of the field."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Give what differs between the documents of a plan, in the order of the first and then of the second.

    Entries of lists are told apart by what they are known by; another order of those that are in both is a difference
    of the field `LIST.order`.
    """
    language = str(after["language"])
    yield from _compare("objective", before.get("objective"), after.get("objective"), language)
    for key in dict.fromkeys((*before["plan"], *after["plan"])):
        was, became = before["plan"].get(key), after["plan"].get(key)
        # What is made of parts is told part by part, also where all of it is added or removed.
        whole = became if was is None else was
        nothing = type(whole)() if _has_parts(key, whole) else None
        was, became = (nothing if value is None else value for value in (was, became))
        if isinstance(was, list) and isinstance(became, list):
            yield from _compare_lists(key, was, became, language)
        else:
            yield from _compare(key, was, became, language)


def _has_parts(key: str, value: Any) -> bool:  # noqa: ANN401 - any value
    # The id of a rubric can look like a language.
    return isinstance(value, list) or (isinstance(value, Mapping) and (key == "rubrics" or not _per_language(value)))


def _compare(field: str, before: Any, after: Any, language: str) -> Iterator[Difference]:  # noqa: ANN401 - any value
    if before == after:
        return
    before, after = _like(before, after, language), _like(after, before, language)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            unsaid = _DEFAULTS.get((field.partition(".")[0], key)) if field.count(".") == 1 else None
            yield from _compare(f"{field}.{key}", before.get(key, unsaid), after.get(key, unsaid), language)
    elif isinstance(before, list) and isinstance(after, list) and (_has_records(before) or _has_records(after)):
        yield from _compare_lists(field, before, after, language)
    else:
        yield Difference(field, _as_json(before), _as_json(after))


def _compare_lists(field: str, before: Sequence[Any], after: Sequence[Any], language: str) -> Iterator[Difference]:
    was, became = named(before), named(after)
    kept, still = [name for name in was if name in became], [name for name in became if name in was]
    if kept != still:
        yield Difference(f"{field}.order", kept, still)
    yield from _compare(field, was, became, language)


def _as_json(value: Any) -> Any:  # noqa: ANN401 - what a document holds
    if isinstance(value, Mapping):
        return {str(key): _as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_json(part) for part in value]
    return f"{value:f}" if isinstance(value, Decimal) else value


def _like(value: Any, other: Any, language: str) -> Any:  # noqa: ANN401 - any value
    """Give a value that was written in short in the form of the other, which was not."""
    if isinstance(value, list) and isinstance(other, Mapping):
        return {"places": value}
    if not isinstance(value, str | Mapping) or not isinstance(other, Mapping):
        return value
    key = next((key for key in _ALONE if key in other), None)
    if isinstance(value, Mapping):
        # A text per language beside a record with that text.
        return {key: value} if key == "text" and key not in value and _per_language(value) else value
    if key is not None:
        return {key: value}
    return {language: value} if _per_language(other) else value


def _per_language(value: Mapping[str, Any]) -> bool:
    return bool(value) and all(LANGUAGE.fullmatch(key) and isinstance(text, str) for key, text in value.items())


def _has_records(items: Sequence[Any]) -> bool:
    return any(isinstance(item, Mapping) for item in items)


def named(items: Sequence[Any]) -> dict[str, Any]:
    """Give the items of a list by what they are known by; by their place where nothing else tells them apart."""
    named: dict[str, Any] = {}
    for place, item in enumerate(items, start=1):
        name = name_of(item)
        named[str(place) if name is None or name in named else name] = item
    return named


def name_of(item: Any) -> str | None:  # noqa: ANN401 - an item of a list
    """Give what an item of a list is known by; None where nothing tells it from others."""
    if not isinstance(item, Mapping):
        return str(item)
    keys = next((keys for keys in _NAMED_BY if all(key in item for key in keys)), None)
    if keys is None:
        return None
    kinds = [key for key in MEANS if key in item and keys[0] == "year"]
    return " ".join([*(str(item[key]) for key in keys if key not in kinds), *kinds])
