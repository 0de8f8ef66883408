"""What a document means, for comparing two: records as plain data, without the order of what has none."""

from collections.abc import Mapping
from typing import Any

from pdca.exchange.activity_records import Means
from pdca.exchange.document import Document
from pdca.exchange.records import Record

# What has no order of its own comes back in the order of its ids or dates; each is listed with that order.
UNORDERED = {
    "functions": ("id",),
    "stakeholders": ("id",),
    "people": ("id",),
    "appointments": ("start", "party"),
    "substitutions": ("start", "by", "until"),
    "phenomena": ("id",),
    "indicators": ("id",),
    "series": ("period",),
    "breaks": ("period",),
    "means": ("year", "kind"),
    "closing_days": ("day",),
    "evaluations": ("date", "kind"),
    "information": ("date", "to", "method"),
    "sessions": ("id",),
    "reactions": ("id",),
}


def said(value: object, key: str = "") -> Any:  # noqa: ANN401 - any plain data
    """What a record says."""
    if isinstance(value, Record):
        own = {name: said(getattr(value, name), name) for name in type(value).model_fields}
        return {**own, "kind": value.kind} if isinstance(value, Means) else own
    if isinstance(value, Mapping):
        return {name: said(member) for name, member in value.items()}
    if isinstance(value, tuple):
        items = [said(item) for item in value]
        if all(isinstance(item, dict) and item.keys() >= set(UNORDERED.get(key, ("never",))) for item in items):
            items.sort(key=lambda item: [str(item[name]) for name in UNORDERED[key]])
        return items
    return value


def meaning(document: Document) -> Any:  # noqa: ANN401 - any plain data
    """Everything a document says but who founded the installation, who comes along when it is written out."""
    found = said(document)
    found["people"] = [person for person in found["people"] if person["name"] != "The Administrator"]
    # The order of the indicators of a plan is kept, unlike that of all there are.
    found["measured"] = [[said(one) for one in placed.plan.indicators] for placed in document.all_plans()]
    return found
