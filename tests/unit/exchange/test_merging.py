"""Three forms of a record become one: what it was, what it is now, and what a file makes of it."""

from decimal import Decimal
from typing import Any, Final

import pytest

from pdca.exchange.located import Mark
from pdca.exchange.merging import Merge, Three, in_order, known, same
from pdca.exchange.plan_records import Plan
from pdca.exchange.programme_records import Programme

Data = dict[str, Any]
NOWHERE: Final = Mark(None, None)


def merged(base: Data, now: Data, file: Data) -> tuple[Data, list[str]]:
    """The plan that comes of three, and the fields that clash."""
    merge = Merge("nl")
    value, _marks = merge.record(Plan, Three(base, now, file), NOWHERE, ())
    return value, [".".join(map(str, clash.path)) for clash in merge.clashes]


@pytest.mark.parametrize(
    ("base", "now", "file", "expected"),
    [
        ({"note": "a"}, {"note": "a"}, {"note": "b"}, {"note": "b"}),
        ({"note": "a"}, {"note": "b"}, {"note": "a"}, {"note": "b"}),
        ({"note": "a"}, {"note": "b"}, {"note": "b"}, {"note": "b"}),
        ({"note": "a"}, {"note": "a"}, {}, {}),
        ({"note": "a"}, {}, {"note": "a"}, {}),
        ({}, {"lead": "x"}, {"note": "b"}, {"lead": "x", "note": "b"}),
        ({"mmm": False}, {"mmm": True}, {}, {"mmm": True}),
        # A text alone, and the same text with something beside it.
        (
            {"rubrics": {"victims": "Tekst"}},
            {"rubrics": {"victims": {"text": "Tekst", "withheld_from": ["public"]}}},
            {"rubrics": {"victims": "Andere tekst"}},
            {"rubrics": {"victims": {"text": "Andere tekst", "withheld_from": ["public"]}}},
        ),
        # A text in one language, and then in two.
        (
            {"title": "Fietsen"},
            {"title": {"nl": "Fietsen", "fr": "Vélos"}},
            {"title": "Fietsen weg"},
            {"title": {"nl": "Fietsen weg", "fr": "Vélos"}},
        ),
        ({"group": ["a"]}, {"group": ["a", "b"]}, {"group": ["a", "c"]}, {"group": ["a", "b", "c"]}),
        ({"group": ["a", "b"]}, {"group": ["a"]}, {"group": ["b"]}, {}),
        (
            {"group": ["a"]},
            {"group": [{"party": "a", "role": "deputy"}]},
            {"group": ["a", "b"]},
            {"group": [{"party": "a", "role": "deputy"}, "b"]},
        ),
        (
            {"perimeter": {"by_area": {"x": ["1"]}}},
            {"perimeter": {"by_area": {"x": ["1", "2"]}}},
            {"perimeter": {"by_area": {"x": ["1", "3"]}}},
            {"perimeter": {"by_area": {"x": ["1", "2", "3"]}}},
        ),
    ],
)
def test_what_one_of_the_two_changed_is_taken(base: Data, now: Data, file: Data, expected: Data) -> None:
    assert merged(base, now, file) == (expected, [])


@pytest.mark.parametrize(
    ("base", "now", "file", "field"),
    [
        ({"note": "a"}, {"note": "b"}, {"note": "c"}, "note"),
        ({"note": "a"}, {"note": "b"}, {}, "note"),
        ({"note": "a"}, {}, {"note": "c"}, "note"),
        ({"title": "a"}, {"title": {"nl": "b"}}, {"title": "c"}, "title.nl"),
        ({"rubrics": {"r": "a"}}, {"rubrics": {"r": "b"}}, {}, "rubrics.r"),
        (
            {"evaluations": [{"date": "2024-01", "kind": "k", "note": "a"}]},
            {"evaluations": [{"date": "2024-01", "kind": "k", "note": "b"}]},
            {"evaluations": [{"date": "2023-01", "kind": "k"}, {"date": "2024-01", "kind": "k", "note": "c"}]},
            "evaluations.1.note",
        ),
    ],
)
def test_what_both_changed_clashes_at_its_field(base: Data, now: Data, file: Data, field: str) -> None:
    assert merged(base, now, file)[1] == [field]


def test_entries_that_nothing_tells_apart_are_not_mixed_up() -> None:
    steps: list[Data] = [{"by": "raad", "date": "2020-01"}, {"by": "minister", "date": "2020-02"}]
    changed = {"by": "raad", "date": "2020-01-15"}

    def merge(now: list[Data], file: list[Data]) -> tuple[Any, int]:
        found = Merge("nl")
        forms = Three({"approvals": steps}, {"approvals": now}, {"approvals": file})
        value, _marks = found.record(Programme, forms, NOWHERE, ())
        return value["approvals"], len(found.clashes)

    other = {"by": "minister", "date": "2020-02-28"}
    assert merge([changed, steps[1]], [steps[0], other]) == ([changed, other], 0)
    assert merge([changed, steps[1]], [{**changed, "date": "2020-01-20"}, steps[1]])[1] == 1


def test_another_order_is_taken_from_whoever_changed_it() -> None:
    abc, cab = dict.fromkeys("abc"), dict.fromkeys("cab")
    assert in_order(Three(abc, cab, abc)) == ["c", "a", "b"]
    assert in_order(Three(abc, abc, cab)) == ["c", "a", "b"]
    assert in_order(Three(abc, dict.fromkeys("xabc"), dict.fromkeys("abcy"))) == ["x", "a", "b", "c", "y"]


def test_what_is_known_by_the_same_name_twice_is_kept_apart() -> None:
    held = [{"party": "a", "from": "2020"}, {"party": "a", "from": "2021"}, {"party": "a", "from": "2021"}]
    assert len(known(held)) == len(held)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (None, False, True),
        (None, [], True),
        (None, "", True),
        (0, None, False),
        (14, Decimal("14.0"), True),
    ],
)
def test_values_are_compared_by_what_they_say(one: object, other: object, expected: bool) -> None:
    assert same(one, other) is expected
