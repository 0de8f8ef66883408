"""What an evaluation of a programme lacks before it can be recorded (clauses 27, 31)."""

from collections.abc import Sequence
from typing import Final

from pdca.i18n import N_, localized
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import programme, programme_evaluations
from workflows.need import Need

_THEME_WORDS: Final = "--finding … --decision … --attribution … --evidence …"


def gaps(connection: Connection, evaluation: Row, held_on: str) -> tuple[Need, ...]:
    """Find everything that is missing in an evaluation that was held on a date as stated."""
    themes = connection.all(programme_evaluations.THEMES, evaluation_id=evaluation["evaluation_id"])
    final = evaluation["kind"] == "final"
    needs = [need for theme in themes for need in _incomplete(theme, final=final)]
    year = (evaluation["period"] or "")[:4]
    if evaluation["kind"] == "yearly" and year and held_on[:4] <= year:
        needs.append(
            Need(
                "year-not-over",
                N_("%(evaluation)s looks back on %(period)s, which was not over on %(held)s."),
                {"evaluation": evaluation["evaluation_id"], "period": evaluation["period"], "held": held_on},
                N_("Hold it when the year is over."),
                "pdca programme evaluation show %(evaluation)s",
            )
        )
    if not themes:
        needs.append(
            Need(
                "evaluation-without-theme",
                N_("%(evaluation)s says nothing about any theme."),
                {"evaluation": evaluation["evaluation_id"]},
                N_("Say of each theme what was found and what is decided."),
                f"pdca programme evaluation theme %(evaluation)s THEME {_THEME_WORDS}",
            )
        )
    if final:
        needs += _not_looked_at(connection, evaluation, themes)
    return tuple(needs)


def _incomplete(theme: Row, *, final: bool) -> list[Need]:
    """Tell what is still to be said about a theme: the final evaluation of a programme says to what each is due."""
    named = {"evaluation": theme["evaluation_id"], "theme": theme["theme_id"]}
    asked = [
        (
            theme["finding"],
            Need(
                "theme-without-finding",
                N_("Theme “%(theme)s” does not say what was found."),
                named,
                N_("Say it."),
                "pdca programme evaluation theme %(evaluation)s %(theme)s --finding …",
            ),
        ),
        (
            theme["decision"],
            Need(
                "theme-without-decision",
                N_("Theme “%(theme)s” does not say what is decided."),
                named,
                N_("Say what becomes of it."),
                "pdca programme evaluation theme %(evaluation)s %(theme)s --decision …",
            ),
        ),
        (
            theme["attribution"] or not final,
            Need(
                "theme-without-attribution",
                N_("Theme “%(theme)s” does not say to what the result is due."),
                named,
                N_("Say whether it is due to the programme, to daily work or to something else."),
                "pdca programme evaluation theme %(evaluation)s %(theme)s --attribution … --evidence …",
            ),
        ),
        (
            theme["evidence"] or not theme["attribution"],
            Need(
                "attribution-without-evidence",
                N_("Theme “%(theme)s” says to what the result is due, and not how that is known."),
                named,
                N_("Name the evidence."),
                "pdca programme evaluation theme %(evaluation)s %(theme)s --evidence …",
            ),
        ),
    ]
    return [need for said, need in asked if not said]


def _not_looked_at(connection: Connection, evaluation: Row, themes: Sequence[Row]) -> list[Need]:
    """Find the retained objectives, of the highest level, that no theme is about: the whole programme is evaluated."""
    above = {row["phenomenon_id"]: row["parent_id"] for row in connection.all(programme.PHENOMENA)}
    phenomena = {theme["phenomenon_id"] for theme in themes} - {None}
    objectives = {theme["objective_id"] for theme in themes}

    def looked_at(row: Row) -> bool:
        phenomenon = row["phenomenon_id"]
        while phenomenon is not None and phenomenon not in phenomena:
            phenomenon = above[phenomenon]
        return phenomenon is not None or row["objective_id"] in objectives

    rows = connection.all(programme.OBJECTIVES, programme_id=evaluation["programme_id"])
    return [
        Need(
            "objective-not-evaluated",
            N_("No theme is about objective %(objective)s “%(title)s”."),
            {
                "evaluation": evaluation["evaluation_id"],
                "objective": row["objective_id"],
                "title": localized(from_json(row["title"])),
            },
            N_("A final evaluation looks at the whole programme."),
            f"pdca programme evaluation theme %(evaluation)s %(objective)s {_THEME_WORDS}",
        )
        for row in rows
        if row["parent_id"] is None and row["disposition"] == "retained" and not looked_at(row)
    ]
