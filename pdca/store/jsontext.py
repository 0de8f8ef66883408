"""Structured values in a TEXT column: one spelling, so that equal values are equal bytes."""

import json
from typing import Any, Final

# `dumps` makes an encoder at each call.
_encode: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def to_json(value: object) -> str:
    """Write a value as sorted, compact JSON."""
    return _encode(value)


def optional_json(value: object) -> str | None:
    """Write a value as JSON, or None when there is nothing to write."""
    return to_json(value) if value else None


def from_json(text: str | None) -> Any:  # noqa: ANN401 - whatever was stored
    """Read a value back; NULL is None."""
    return None if text is None else json.loads(text)
