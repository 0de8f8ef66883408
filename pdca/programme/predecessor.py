"""The programme that went before: which one it is, and that its final evaluation comes before anything is retained."""

from pdca.i18n import _
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import plans, programme_evaluations
from workflows.need import N_, Need
from workflows.schedule import parse_stated


def evaluation_id(programme_id: str, name: str) -> str:
    """Give the id of the evaluation of a programme that a file calls `name`."""
    return f"{programme_id}/{name}"


def programmes_known(connection: Connection) -> dict[str, str]:
    """Give the first day of every programme: of those in the database, and of those described as having gone before."""
    rows = connection.all(plans.PROGRAMMES)
    described = {one["id"]: one["period"]["from"] for row in rows for one in _described(row)}
    return described | {row["programme_id"]: row["period_start"] for row in rows}


def previous_to(row: Row) -> str | None:
    """Give the programme that one follows directly: the one in the database, or the last that it describes."""
    if row["previous_id"] is not None:
        return str(row["previous_id"])
    described = [(parse_stated(one["period"]["to"]).date, one["id"]) for one in _described(row)]
    return max(described)[1] if described else None


def out_of_sequence(before: Row, programme_id: str, first: str) -> str | None:
    """Say that the programme before one that begins on the day `first` begins no earlier; None when it does."""
    if before["period_start"] < first:
        return None
    return _("%(previous)s begins on %(start)s, not before %(programme)s does, on %(first)s.") % {
        "previous": before["programme_id"],
        "start": before["period_start"],
        "programme": programme_id,
        "first": first,
    }


def without_final_evaluation(connection: Connection, row: Row) -> Need | None:
    """Tell that the programme before this one still waits for its final evaluation (clause 27); None when it does not.

    A programme that follows none is free.
    """
    previous = previous_to(row)
    if previous is None:
        return None
    held = connection.all(programme_evaluations.OF_PROGRAMME, programme_id=previous)
    finals = [one for one in held if one["kind"] == "final"]
    if any(one["recorded_at"] for one in finals):
        return None
    waiting = "pdca programme evaluation record %(evaluation)s --held DATE --by …"
    return Need(
        "final-evaluation-missing",
        N_("The final evaluation of %(previous)s, which %(programme)s follows, is not recorded."),
        {
            "previous": previous,
            "programme": row["programme_id"],
            "evaluation": finals[-1]["evaluation_id"] if finals else evaluation_id(previous, "final"),
        },
        N_("What is retained rests on what was found about the programme before."),
        waiting if finals else "pdca programme evaluation add %(previous)s --kind final",
    )


def _described(row: Row) -> list[Row]:
    return (from_json(row["details"]) or {}).get("previous") or []
