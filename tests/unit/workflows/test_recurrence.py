"""Rules of RFC 5545: what is read, and what is wrong with the others."""

from datetime import date

import pytest

from workflows.problem import Problem, field_name
from workflows.recurrence import read


def faults(text: str) -> list[tuple[str, str]]:
    found: list[Problem] = []
    rule = read(text, ("rules", 0), found)
    assert (rule is None) == bool(found)
    assert all(problem.words() and problem.advice() for problem in found)
    return [(problem.code, field_name(problem.path)) for problem in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("rule-not-read", "rules[0]")]),
        ("every year", [("rule-not-read", "rules[0]")]),
        ("FREQ=", [("rule-not-read", "rules[0]")]),
        ("FREQ=YEARLY;;", []),
        ("FREQ=YEARLY;;BYMONTH=3", [("rule-not-read", "rules[0]")]),
        ("INTERVAL=2", [("rule-without-frequency", "rules[0]")]),
        ("FREQ=HOURLY", [("rule-within-a-day", "rules[0].FREQ")]),
        ("FREQ=DAILY;BYHOUR=9,17", [("rule-within-a-day", "rules[0].BYHOUR")]),
        ("FREQ=FORTNIGHTLY", [("part-value", "rules[0].FREQ")]),
        ("FREQ=YEARLY;BYMONHT=3", [("unknown-part", "rules[0].BYMONHT")]),
        ("FREQ=YEARLY;BYEASTER=1", [("unknown-part", "rules[0].BYEASTER")]),
        ("FREQ=YEARLY;FREQ=MONTHLY", [("part-twice", "rules[0].FREQ")]),
        ("FREQ=YEARLY;COUNT=2,3", [("part-twice", "rules[0].COUNT")]),
        ("FREQ=YEARLY;INTERVAL=0", [("part-value", "rules[0].INTERVAL")]),
        ("FREQ=YEARLY;INTERVAL=-1", [("part-value", "rules[0].INTERVAL")]),
        ("FREQ=YEARLY;INTERVAL=99999999999999999999", [("part-value", "rules[0].INTERVAL")]),
        ("FREQ=YEARLY;INTERVAL=²", [("part-value", "rules[0].INTERVAL")]),
        ("FREQ=YEARLY;BYMONTH=0,3,13", [("part-value", "rules[0].BYMONTH")] * 2),
        ("FREQ=MONTHLY;BYMONTHDAY=32", [("part-value", "rules[0].BYMONTHDAY")]),
        ("FREQ=MONTHLY;BYDAY=0MO,MONDAY", [("part-value", "rules[0].BYDAY")] * 2),
        ("FREQ=YEARLY;UNTIL=2025", [("part-value", "rules[0].UNTIL")]),
        ("FREQ=YEARLY;UNTIL=20250229", [("part-value", "rules[0].UNTIL")]),
        ("FREQ=YEARLY;UNTIL=20251231T235959Z", [("part-value", "rules[0].UNTIL")]),
        ("FREQ=YEARLY;COUNT=2;UNTIL=20251231", [("parts-together", "rules[0].COUNT")]),
        ("FREQ=WEEKLY;BYDAY=1MO", [("parts-together", "rules[0].BYDAY")]),
        ("FREQ=WEEKLY;BYMONTHDAY=1", [("parts-together", "rules[0].BYMONTHDAY")]),
        ("FREQ=MONTHLY;BYYEARDAY=1", [("parts-together", "rules[0].BYYEARDAY")]),
        ("FREQ=MONTHLY;BYWEEKNO=1;BYDAY=MO", [("parts-together", "rules[0].BYWEEKNO")]),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", [("parts-together", "rules[0].BYDAY")]),
        ("FREQ=YEARLY;BYWEEKNO=-1,53,20;BYDAY=MO", [("part-value", "rules[0].BYWEEKNO")] * 2),
        ("FREQ=YEARLY;BYWEEKNO=20", [("week-without-day", "rules[0].BYWEEKNO")]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1", [("parts-together", "rules[0].BYSETPOS")]),
        ("FREQ=YEARLY;BYSETPOS=1", [("parts-together", "rules[0].BYSETPOS")]),
    ],
)
def test_what_is_wrong_with_a_rule_is_named_with_its_part(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text) == expected


def test_a_misspelt_part_is_answered_with_the_one_that_is_meant() -> None:
    found: list[Problem] = []
    read("FREQ=YEARLY;BYMONHT=3", (), found)
    assert found[0].nearest == "BYMONTH"


@pytest.mark.parametrize(
    "text", ["RRULE:FREQ=YEARLY;BYMONTH=3", "freq=yearly;bymonth=3", " FREQ = YEARLY ; BYMONTH = 3 "]
)
def test_a_rule_is_read_as_calendars_write_it(text: str) -> None:
    rule = read(text, (), [])
    assert rule is not None
    assert list(rule.dates(date(2024, 1, 15), date(2025, 12, 31))) == [date(2024, 3, 15), date(2025, 3, 15)]


def test_a_date_that_never_comes_gives_nothing() -> None:
    rule = read("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", (), [])
    assert rule is not None
    assert list(rule.dates(date(2024, 1, 1), date(2026, 1, 1))) == []


def test_a_rule_that_ended_before_it_began_gives_nothing() -> None:
    rule = read("FREQ=DAILY;UNTIL=20231231", (), [])
    assert rule is not None
    assert list(rule.dates(date(2024, 1, 1), date(2026, 1, 1))) == []
    assert list(rule.after(date(2024, 1, 1), date(2026, 1, 1))) == []
