"""Facts of a report as a page gets them: those of a small plan, to be changed by each test."""

from collections.abc import Sequence
from typing import Any

from pdca.indicators.reading import read
from pdca.indicators.recorded import Recorded, Step
from pdca.indicators.series import Series
from pdca.indicators.told import as_json
from pdca.report.progress_measured import points, steps

View = dict[str, Any]


def report(**different: Any) -> View:  # noqa: ANN401 - any JSON value
    facts: View = {
        "audience": "public",
        "since": None,
        "made_at": "2024-06-01T08:00:00.000000Z",
        "today": "2024-06-01",
        "body": {"name": {"nl": "Zone", "fr": "La zone"}, "simulated": False},
        "plan": {
            "plan_id": "P-001",
            "slug": "DIEFSTAL",
            "title": {"nl": "Minder diefstal", "fr": "Moins de vols"},
            "period_start": "2024-01-01",
            "period_end": "2024-12-31",
            "restricted": False,
            "assumed": False,
            "watch": None,
            "objective": None,
            "lead": {"name": {"nl": "preventie"}, "people": []},
            "group": [],
        },
        "conclusion": [{"code": "not-evaluated"}, {"code": "nothing-next"}],
        "strip": {
            "phases": [
                {"phase": name, "label": {"en": name.capitalize()}, "current": name == "do"}
                for name in ("plan", "do", "check", "adjust")
            ],
            "phase": "do",
            "label": {"en": "Do"},
            "cycle": 1,
            "since": "2024-01-02",
        },
        "chips": [{"about": "evaluation-date", "indicator_id": None, "code": "planned"}],
        "rubrics": [],
        "indicators": [],
        "happened": {"events": [], "activities": [], "means": []},
        "evaluations": [],
        "cycles": [],
        "activities": [],
        "means": [],
        "informed": [],
        "involved": [],
        "reactions": {"received": 0, "answered": 0, "said": []},
        "next": [],
        "content_sha256": "0" * 64,
        "checkpoint": {"size": 3, "root": "f" * 64, "note": None},
    }
    return {**facts, **different}


def indicator(series: Series, target: View | None = None, taken: Sequence[Step] = ()) -> View:
    """Give an indicator with a series, read as it is."""
    return {
        "indicator_id": "thefts",
        "title": {"nl": "diefstallen"},
        "unit": {"nl": "feiten"},
        "kind": "objective",
        "definition": None,
        "system": None,
        "assumed": False,
        "baseline": None,
        "baseline_period": None,
        "baseline_missing": None,
        "baseline_assumed": False,
        "target": target,
        "reading": as_json(series, read(series)),
        "points": points(series),
        "news": [],
        "steps": steps(Recorded(series, tuple(taken), (), None, None), "P-001"),
        "change": None,
    }
