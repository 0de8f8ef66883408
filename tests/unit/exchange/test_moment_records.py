"""What is wrong with a decision about moments, or with why a moment moved, is told where it stands in the file."""

from typing import Any

import pytest
from pydantic_core import PydanticCustomError

from pdca.exchange.moment_records import Decision, check_moved
from pdca.exchange.one_record import record_of
from pdca.exchange.problems import ImportRefused

DECISION = {
    "number": 1,
    "decided": "2024-01-05",
    "reason": "Zo beslist.",
    "kind": "interim",
    "from": "2024-01-05",
    "to": "2024-12-31",
    "time": "09:00",
    "zone": "Europe/Brussels",
    "rules": ["FREQ=MONTHLY;INTERVAL=4"],
}


def decided(**different: object) -> Decision:
    return record_of(Decision, {**DECISION, **different}, "nl", "a test")


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"from": "1900-01-01"}, "from"),
        ({"to": "2024-01-01"}, "to"),
        ({"zone": "Europe/Brussel"}, "zone"),
        ({"time": "9:00"}, "time"),
        ({"dates": ["2024-06-03", "2024-06-03"]}, "dates[1]"),
        ({"rules": ["FREQ=MONTHLY;INTERVAL=4", "MONTHLY"]}, "rules[1]"),
        ({"exceptions": ["2024-02-02"]}, "exceptions[0]"),
    ],
)
def test_what_is_wrong_with_a_decision_is_placed_at_its_key(different: dict[str, object], field: str) -> None:
    assert decided().schedule.rules == ("FREQ=MONTHLY;INTERVAL=4",)
    with pytest.raises(ImportRefused) as refused:
        decided(**different)
    assert refused.value.problems[0].place.field == field


@pytest.mark.parametrize(
    "wrong",
    [
        {"because": []},
        {"reasons": "weekend"},
        {"also": "2024-06-01"},
        {"reasons": ["weekend"]},
        {"reasons": [{"kind": "strike"}]},
        {"reasons": [{"kind": "weekend", "day": 1}]},
        {"reasons": [{"kind": "holiday", "name": "Pasen"}]},
        {"reasons": [{"kind": "holiday", "name": {"nl": 1}}]},
    ],
)
def test_what_does_not_say_why_a_moment_moved_is_refused_with_what_to_write(wrong: dict[str, Any]) -> None:
    right = {"reasons": [{"kind": "holiday", "name": {"nl": "Pasen"}}, {"kind": "weekend"}], "also": ["2024-06-01"]}
    assert check_moved(right) == right
    with pytest.raises(PydanticCustomError) as refused:
        check_moved(wrong)
    assert refused.value.type == "import-bad-value"
    assert "reasons" in (refused.value.context or {})["hint"]
