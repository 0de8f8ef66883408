"""A name goes out of what is said in a value, and out of keys that are free words; the rest stays."""

import json

import pytest

from pdca.erasure.mentions import names, without
from pdca.erasure.naming import Naming
from pdca.failure import Failure, code_of, in_words


@pytest.mark.parametrize(
    ("name", "place", "before", "after"),
    [
        ("Mail", ("information_moment", "method"), "mail", "mail"),
        ("Mail", ("information_moment", "method"), {"nl": "Brief aan Mail"}, {"nl": "Brief aan [erased]"}),
        ("Places", ("plan", "perimeter"), {"places": ["Places"]}, {"places": ["[erased]"]}),
        ("Zuid", ("plan", "perimeter"), {"by_area": {"Zuid": ["Markt"]}}, {"by_area": {"[erased]": ["Markt"]}}),
        ("Zuid", ("measurement", "parts"), {"ZUID": "1", "Zuid": "2"}, {"[erased]": "1", "[erased] 2": "2"}),
        ("Type", ("measurement", "of_which"), {"type": "1"}, {"[erased]": "1"}),
        ("Done", ("notification", "parameters"), {"to": "done", "title": "Done"}, {"to": "done", "title": "[erased]"}),
        ("Anna Smith", ("notification", "parameters"), {"to": "Anna Smith"}, {"to": "[erased]"}),
    ],
)
def test_a_name_goes_out_of_what_is_said(name: str, place: tuple[str, str], before: object, after: object) -> None:
    assert json.loads(without(*place, json.dumps(before), Naming([name]))) == after
    assert names(*place, json.dumps(before), Naming([name])) == (before != after)


@pytest.mark.parametrize("place", [("information_report", "failure"), ("notification", "last_error")])
def test_what_fills_the_words_of_the_program_goes_and_those_stay(place: tuple[str, str]) -> None:
    inner = Failure("why", "Reason: %(reason)s", {"reason": "asked by Reason"})
    before = Failure(
        "folder", "%(folder)s: %(reason)s", {"folder": "/home/reason", "reason": inner, "days": 3}
    ).stored()
    after = without(*place, before, Naming(["Reason"]))
    assert in_words(before) == "/home/reason: Reason: asked by Reason"
    assert in_words(after) == "/home/[erased]: Reason: asked by [erased]"
    assert code_of(after) == "folder"
    assert names(*place, before, Naming(["Reason"]))
    assert not names(*place, before, Naming(["Days"]))
