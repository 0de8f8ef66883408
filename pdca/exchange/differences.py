"""What differs between two documents of one plan, field by field, under the names that `plan set` takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pdca.exchange.as_rows import plain
from pdca.exchange.values import LANGUAGE

_ALONE: Final = ("text", "party", "id")
_NAMED_BY: Final = (("id",), ("party",), ("to", "date"), ("date", "kind"), ("year",))


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with its plain value in either document; None where it is not there."""

    field: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Give what differs between the documents of a plan, in the order of the first and then of the second."""
    language = str(after["language"])
    yield from _compare("objective", before["objective"], after["objective"], language)
    for key in dict.fromkeys((*before["plan"], *after["plan"])):
        # Each rubric is a field of its own, also the first that is written.
        nothing: dict[str, Any] | None = {} if key == "rubrics" else None
        yield from _compare(key, before["plan"].get(key, nothing), after["plan"].get(key, nothing), language)


def _compare(field: str, before: Any, after: Any, language: str) -> Iterator[Difference]:  # noqa: ANN401 - any value
    if before == after:
        return
    before, after = _like(before, after, language), _like(after, before, language)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield from _compare(f"{field}.{key}", before.get(key), after.get(key), language)
    elif _of_records(before) and _of_records(after):
        yield from _compare_lists(field, named(before), named(after), language)
    else:
        yield Difference(field, plain(before), plain(after))


def _compare_lists(
    field: str, before: Mapping[str, Any], after: Mapping[str, Any], language: str
) -> Iterator[Difference]:
    if before.keys() == after.keys() and list(before) != list(after):
        yield Difference(field, list(before), list(after))
    yield from _compare(field, before, after, language)


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


def _of_records(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)


def named(items: Sequence[Any]) -> dict[str, Any]:
    """Give the items of a list by what they are known by; by their place where nothing else tells them apart."""
    named: dict[str, Any] = {}
    for place, item in enumerate(items, start=1):
        name = _name_of(item)
        named[str(place) if name is None or name in named else name] = item
    return named


def _name_of(item: Any) -> str | None:  # noqa: ANN401 - an item of a list
    if not isinstance(item, Mapping):
        return str(item)
    keys = next((keys for keys in _NAMED_BY if all(key in item for key in keys)), None)
    if keys is None:
        return None
    kinds = [key for key in ("money", "fte", "hours", "headcount") if key in item and keys[0] == "year"]
    return " ".join([*(str(item[key]) for key in keys if key not in kinds), *kinds])
