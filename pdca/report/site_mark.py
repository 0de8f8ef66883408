"""The mark of a site that was written: for whom, when, and what it shows, so that it is known what it may not any more.

It stands in the site itself, so it names what is shown and never what is withheld.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pdca.store.driver import Connection
from pdca.store.reads import log, plans

MARK: Final = "pdca-site.json"
SCHEMA: Final = "pdca.site/1"
_UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class SiteMark:
    """What the mark of a site says: `shown` is by plan what of it is told.

    `erased` is how many values had been erased from the log; `audience` is None where there is no site.
    """

    audience: str | None = None
    made_at: str = ""
    files: tuple[str, ...] = ()
    shown: Mapping[str, Iterable[str]] | None = None
    erased: int = 0

    def written(self) -> bytes:
        """Give it as the bytes of its file, which is not among the `files`."""
        shown = {plan: sorted(said) for plan, said in (self.shown or {}).items()}
        mark = {
            "schema": SCHEMA,
            "audience": self.audience,
            "made_at": self.made_at,
            "files": [*self.files],
            "shown": shown,
            "erased": self.erased,
        }
        return (json.dumps(mark, indent=2) + "\n").encode()


def read_mark(folder: Path) -> SiteMark:
    """Read the mark of the site in a folder; of one without, or whose mark is no such, nothing is known."""
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
        if mark["schema"] != SCHEMA:
            return SiteMark()
        shown = {str(plan): [*map(str, said)] for plan, said in mark.get("shown", {}).items()}
        files = tuple(map(str, mark["files"]))
        return SiteMark(
            str(mark["audience"]), str(mark["made_at"]), (MARK, *files), shown, int(mark.get("erased", _UNKNOWN))
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return SiteMark()


def shown_of(facts: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Name everything of a plan that can be withheld and that one of these reports of it tells."""
    from pdca.report.audiences import contents_of

    return frozenset(said for one in facts for said in contents_of(one))


def erased_by_now(connection: Connection) -> int:
    """Count the values that were erased from the log."""
    return int(connection.value(log.COUNT_ERASED))


def held_back_since(connection: Connection, mark: SiteMark) -> list[str]:
    """Name the plans of which a site shows what is withheld from its readers by now, or that are restricted."""
    if mark.audience is None:
        return []
    # Much to load, and mostly there is no site.
    from pdca.report.audiences import hidden_from, withheld_names
    from pdca.report.plans import opened, rows_by
    from pdca.restricted import kept_from

    of_plan = rows_by("plan_id", map(opened, connection.all(plans.RUBRICS_WITHHELD)))
    found = []
    for row in map(opened, connection.all(plans.PLANS_WITHHELD)):
        said = (mark.shown or {}).get(row["plan_id"])
        if said is None:
            continue
        hidden = hidden_from(mark.audience, row, of_plan[row["plan_id"]])
        activities = connection.all(plans.ACTIVITIES, plan_id=row["plan_id"]) if hidden.rubrics else ()
        if kept_from(row, mark.audience) or not withheld_names(hidden, activities).isdisjoint(said):
            found.append(row["plan_id"])
    return found


def is_out_of_date(connection: Connection, mark: SiteMark) -> bool:
    """Tell whether a site shows what it may not: something withheld by now, or perhaps what was erased since."""
    return mark.erased != erased_by_now(connection) or bool(held_back_since(connection, mark))
