"""A programme of as many plans as wanted, each with ten activities, as large installations have it."""

from itertools import repeat
from typing import Any, Final

from pdca.exchange.writing import yaml_text

ACTIVITIES: Final = 10


def programme(plans: int, figures: int = 0, first: int = 0) -> str:
    """A whole file with so many plans, each with an indicator of its own that has so many figures, month by month.

    `first` is the number of the first plan: what several files have in common is the same.
    """
    numbers = range(first, first + plans)
    data = {
        "pdca": 1,
        "language": "nl",
        "organisation": {"id": "zone", "name": "Zone", "zone": "Europe/Brussels", "languages": ["nl"]},
        "functions": [
            {"id": "chief", "name": "korpschef", "discipline": "leiding"},
            {"id": "pilot", "name": "piloot", "discipline": "gerechtelijk"},
        ],
        "stakeholders": [
            {"id": "council", "name": "raad", "kind": "authority"},
            {"id": "town", "name": "gemeente", "kind": "partner"},
        ],
        "programme": {"id": "zvp", "title": "Plan", "period": {"from": "2024", "to": "2025"}, "method": "zvp"},
        "phenomena": [{"id": "pick", "title": "gauwdiefstal"}],
        "indicators": [
            {"id": name, "title": "feiten", "unit": "feiten", "kind": "objective", **_series(figures)}
            for name in dict.fromkeys(map(_indicator, numbers, repeat(figures)))
        ],
        "objectives": [{"id": "SD1", "title": "Veiligheid", "plans": [plan(number, figures) for number in numbers]}],
    }
    return yaml_text(data, "made for a test")


def _indicator(number: int, figures: int) -> str:
    return f"facts-{number}" if figures else "facts"


def _series(figures: int) -> dict[str, Any]:
    months = (f"{2010 + month // 12}-{month % 12 + 1:02}" for month in range(figures))
    return {"series": [{"period": month, "value": place} for place, month in enumerate(months)]} if figures else {}


def plan(number: int, figures: int = 0) -> dict[str, Any]:
    """One plan."""
    return {
        "id": f"AP-{number}",
        "title": {"nl": f"Actieplan {number}", "fr": f"Plan d'action {number}"},
        "period": {"from": "2024-01-01", "to": "2025-12-31"},
        "lead": "pilot",
        "group": ["chief", {"party": "town", "role": "deputy"}],
        "group_by": "2023-12-31",
        "phenomena": [{"phenomenon": "pick"}, "lawaai"],
        "rubrics": dict.fromkeys(
            ("definitie", "analyse", "preventief", "repressief"), "een tekst van enige lengte " * 9
        ),
        "activities": [
            {
                "id": f"A{index}",
                "title": f"Activiteit {index}",
                "owner": "pilot",
                "start": "2024-02",
                "end": "2025-06-30",
                **({"after": [f"A{index - 1}"]} if index else {}),
                "steps": ["eerst", {"text": "dan", "done": True}],
                "means": [{"year": year, "hours": 120 + index} for year in (2024, 2025)],
            }
            for index in range(ACTIVITIES)
        ],
        "indicators": [{"id": _indicator(number, figures), "baseline": {"value": number, "period": "2023"}}],
        "evaluations": [{"date": "2024-12-15", "kind": "yearly"}, {"date": "2025-12", "kind": "final"}],
        "information": [{"to": "council", "date": "2025-01", "method": "nota"}],
    }
