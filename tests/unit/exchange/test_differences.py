"""What differs between two documents of a plan, under the names of its fields."""

from decimal import Decimal
from typing import Any

import pytest

from pdca.exchange.differences import Difference, differences


def document(**plan: Any) -> dict[str, Any]:  # noqa: ANN401 - any value of a document
    return {"pdca": 1, "language": "nl", "objective": "OD1", "plan": {"id": "AP-1", **plan}}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"title": "a"}, {"title": "a"}, []),
        ({"title": "a"}, {"title": {"nl": "a", "fr": "b"}}, [("title.fr", None, "b")]),
        (
            {"rubrics": {"x": "a"}},
            {"rubrics": {"x": {"text": {"nl": "a", "fr": "b"}}}},
            [("rubrics.x.text.fr", None, "b")],
        ),
        (
            {"rubrics": {"x": {"nl": "a", "fr": "b"}}},
            {"rubrics": {"x": {"text": "a"}}},
            [("rubrics.x.text.fr", "b", None)],
        ),
        ({}, {"rubrics": {"x": "a"}}, [("rubrics.x", None, "a")]),
        ({"group": ["a", "b"]}, {"group": ["b", "a"]}, [("group.order", ["a", "b"], ["b", "a"])]),
        (
            {"group": ["a", "b", "c"]},
            {"group": ["d", "b", "a"]},
            [("group.order", ["a", "b"], ["b", "a"]), ("group.c", "c", None), ("group.d", None, "d")],
        ),
        (
            {"activities": [{"id": "A1"}, {"id": "A2"}]},
            {},
            [("activities.A1", {"id": "A1"}, None), ("activities.A2", {"id": "A2"}, None)],
        ),
        (
            {"group": [{"party": "a", "role": "deputy"}, "b"]},
            {"group": [{"party": "a"}, {"party": "b", "until": "2024"}]},
            [("group.a.role", "deputy", "member"), ("group.b.until", None, "2024")],
        ),
        (
            {"activities": [{"id": "A1", "title": "a"}, {"id": "A2", "title": "b"}]},
            {"activities": [{"id": "A2", "title": "c"}]},
            [("activities.A1", {"id": "A1", "title": "a"}, None), ("activities.A2.title", "b", "c")],
        ),
        (
            {"activities": [{"id": "A1", "means": [{"year": 2024, "hours": Decimal("1.50")}]}]},
            {"activities": [{"id": "A1", "means": [{"year": 2024, "hours": Decimal(2)}]}]},
            [("activities.A1.means.2024 hours.hours", "1.50", "2")],
        ),
        (
            {"evaluations": [{"date": "2024-06", "kind": "final"}]},
            {"evaluations": [{"date": "2024-06", "kind": "final", "note": "x"}, {"date": "2024-07", "kind": "final"}]},
            [
                ("evaluations.2024-06 final.note", None, "x"),
                ("evaluations.2024-07 final", None, {"date": "2024-07", "kind": "final"}),
            ],
        ),
        (
            {"perimeter": ["a"]},
            {"perimeter": {"by_area": {"b": ["c"]}}},
            [("perimeter.places", ["a"], None), ("perimeter.by_area", None, {"b": ["c"]})],
        ),
    ],
)
def test_every_field_that_differs_is_named(
    before: dict[str, Any], after: dict[str, Any], found: list[tuple[str, Any, Any]]
) -> None:
    assert list(differences(document(**before), document(**after))) == [Difference(*one) for one in found]


def test_another_objective_differs() -> None:
    (found,) = differences(document(), {**document(), "objective": "OD2"})
    assert (found, found.change) == (Difference("objective", "OD1", "OD2"), "changed")
