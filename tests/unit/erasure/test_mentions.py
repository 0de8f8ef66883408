"""A name goes out of what is said in a value, and out of keys that are free words; the rest stays."""

import json

import pytest

from pdca.erasure.mentions import names, without
from pdca.erasure.naming import Naming


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


def test_a_template_of_the_program_stays_and_what_fills_it_does_not() -> None:
    before = {"code": "folder", "text": "The folder %(folder)s.", "params": {"folder": "/home/folder"}}
    after = json.loads(without("information_report", "failure", json.dumps(before), Naming(["Folder"])))
    assert after == {**before, "params": {"folder": "/home/[erased]"}}
