"""Writing the database out in the import format: a programme with all that belongs to it, or one plan.

What is written reads back as the same document, and importing it where it came from changes nothing. Not in it is what
is no writing but history: states, recorded evaluations, approvals of plans, revisions, the log itself.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pdca import methods
from pdca.choices import reasons
from pdca.errors import Usage
from pdca.exchange.plan_data import PlanData
from pdca.exchange.programme_data import ProgrammeData
from pdca.exchange.stored import Stored
from pdca.exchange.values import FORMAT
from pdca.exchange.wording import Data, Wording, figures, handle_of, number, said, sourced
from pdca.house import installation
from pdca.i18n import _
from pdca.notify.wishes import AT, MONDAY, wishes_of
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import people, plans
from pdca.unknown import unknown_plan, unknown_programme


def programme_document(connection: Connection, programme_id: str | None = None) -> Data:
    """Give everything about a programme, the only one unless it is named, as a file holds it.

    Raises NotFound for no such programme, Usage when there are several and none is named. Where there is no programme
    at all the document holds the people.
    """
    export = _Export(connection)
    rows = export.programmes()
    if programme_id is None:
        if len(rows) > 1:
            raise Usage(
                "programme-not-named",
                _("There are several programmes: %(programmes)s.")
                % {"programmes": ", ".join(row["programme_id"] for row in rows)},
                hint=_("Say which; each goes into a file of its own."),
            )
        return export.document(rows[0]) if rows else export.people_only()
    found = next((row for row in rows if row["programme_id"] == programme_id), None)
    if found is None:
        raise unknown_programme(programme_id)
    return export.document(found)


def present_document(connection: Connection, programme_id: str | None, language: str | None = None) -> Data:
    """Give what is stored of what a file is about: a programme, or where it has none the people; perhaps nothing.

    The texts are those of a file in `language`, that of the installation's own files unless it is given.
    """
    export = _Export(connection, language)
    if programme_id is None:
        return export.people_only()
    row = next((row for row in export.programmes() if row["programme_id"] == programme_id), None)
    return export.document(row) if row else {}


def plan_document(connection: Connection, plan_id: str) -> Data:
    """Give one plan as a file of its own holds it; raises NotFound for no such plan."""
    row = connection.one(plans.PLAN, plan_id=plan_id)
    if row is None:
        raise unknown_plan(plan_id)
    language = _language(installation(connection))
    slugs = {one["plan_id"]: one["slug"] for one in connection.all(plans.PLAN_NAMES)}
    definition = methods.of_plan(connection, row)
    plan = PlanData(Stored(connection, plan_id), Wording(language), slugs).plan(row, definition)
    return said({"pdca": FORMAT, "language": language, "objective": row["objective_id"], "plan": plan})


def comment_on(data: Data) -> str:
    """Give the comment under which a whole file is written as YAML: what it is, and how it is taken back."""
    if "programme" in data:
        what = _("The programme %(programme)s with everything that belongs to it.")
        what %= {"programme": data["programme"]["id"]}
    else:
        what = _("The people of an organisation that has no programme yet.")
    how = _(
        "The import format of pdca (docs/import-format.md). By the part “base” an import knows what was changed since."
    )
    return f"{what}\n{how}\n" + _("`assumed: true` marks what nobody published.")


class _Export:
    def __init__(self, connection: Connection, language: str | None = None) -> None:
        self._connection = connection
        self._stored = Stored(connection)
        self._installation = installation(connection)
        self._people = [row for row in connection.all(people.PEOPLE) if handle_of(row)]
        self._handles = {row["person_id"]: row["handle"] for row in self._people}
        self._language = language or _language(self._installation)
        self._wording = Wording(self._language)
        slugs = {row["plan_id"]: row["slug"] for row in self._stored.rows("plan")}
        self._plan_data = PlanData(self._stored, self._wording, slugs)
        self._programme_data = ProgrammeData(self._stored, self._wording, self._installation["zone"])

    def programmes(self) -> list[Row]:
        """Each after the one it follows."""
        left = sorted(self._stored.rows("programme"), key=lambda row: (row["period_start"], row["programme_id"]))
        ordered: list[Row] = []
        while left:
            done = {row["programme_id"] for row in ordered}
            following = next((row for row in left if row["previous_id"] in {None, *done}), left[0])
            left.remove(following)
            ordered.append(following)
        return ordered

    def document(self, programme: Row) -> Data:
        """Give a whole document; what it names of the sources of another programme comes along."""
        parties = list(self._stored.rows("party"))
        found = {
            "organisation": self._organisation(),
            "functions": [self._party(row) for row in parties if row["kind"] == "function"],
            "stakeholders": [self._party(row) for row in parties if row["kind"] != "function"],
            "people": self._persons(),
            "programme": self._programme_data.programme(programme),
            "phenomena": self._phenomena(None),
            "indicators": [self._indicator(row) for row in self._stored.rows("indicator")],
            "objectives": self._objectives(None, programme["programme_id"]),
            "plans": self._plans(None, programme["programme_id"]),
        }
        head = {"pdca": FORMAT, "language": self._language, "sources": self._sources(programme, found)}
        return said({**head, **found})

    def people_only(self) -> Data:
        """Give the people of an installation without a programme."""
        return {"pdca": FORMAT, "language": self._language, "people": self._persons()}

    def _sources(self, programme: Row, found: Data) -> Data:
        own = from_json(programme["sources"]) or {}
        named = set(_named(found))
        rows = [from_json(row["sources"]) or {} for row in self.programmes()]
        others = {key: source for sources in rows for key, source in sources.items() if key in named}
        return dict(sorted({**others, **own}.items()))

    def _organisation(self) -> Data:
        row = self._installation
        details = details_of(row)
        return said(
            {
                "id": row["organisation_id"],
                "name": self._wording.stored(row["name"]),
                "zone": row["zone"],
                "languages": details["languages"],
                "code": details.get("code"),
                "country": row["country"],
                "subdivision": row["subdivision"],
                "working_days": from_json(row["working_days"]),
                "closing_days": [
                    said({"day": one["day"], "name": self._wording.stored(one["name"])})
                    for one in self._stored.rows("closing_day")
                ],
                "address": self._wording.words(details["address"]) if "address" in details else None,
                "areas": [self._wording.words(area) for area in details.get("areas", ())],
                "bodies": [self._wording.words(body) for body in details.get("bodies", ())],
                "remarks": self._wording.statements(details.get("remarks")),
                **{name: details.get(name) for name in ("assumed", "basis", "source", "note")},
            }
        )

    def _party(self, row: Row) -> Data:
        details: Data = from_json(row["details"]) or {}
        report = details.get("report")
        return said(
            {
                "id": row["party_id"],
                "name": self._wording.stored(row["name"]),
                "kind": row["kind"] if row["kind"] != "function" else None,
                "discipline": row["discipline"],
                "discipline_assumed": bool(row["discipline_assumed"]),
                "escalation": row["escalation"],
                "address": self._wording.words(details["address"]) if "address" in details else None,
                "members": [self._wording.words(member) for member in details.get("members", ())],
                "task": self._wording.words(details["task"]) if "task" in details else None,
                "report": self._wording.worded(report, "channel") if report else None,
                **sourced(row),
            }
        )

    def _persons(self) -> list[Data]:
        return [self._person(row) for row in self._people]

    def _person(self, row: Row) -> Data:
        held = self._stored.of("appointment", "person_id", row["person_id"])
        return said(
            {
                "id": row["handle"],
                "name": row["name"],
                "email": row["email"],
                "language": row["language"],
                "login": row["login"],
                "access": row["access"] if row["access"] != "member" else None,
                **_wishes(row),
                "invitations": row["invited_since"] is not None or None,
                "appointments": [
                    said({"party": one["party_id"], "from": one["from_date"], "until": one["until_date"]})
                    for one in sorted(held, key=lambda one: (one["from_date"], one["party_id"]))
                ],
                "substitutions": self._substitutions(row["person_id"]),
                **sourced(row),
            }
        )

    def _substitutions(self, absent: str) -> list[Data]:
        found = [
            {
                "by": self._handles[row["substitute_id"]],
                "from": row["from_date"],
                "until": row["until_date"],
                "reason": row["reason"],
            }
            for row in self._stored.of("substitution", "absent_id", absent)
            if row["substitute_id"] in self._handles
        ]
        return sorted(found, key=lambda one: (one["from"], one["by"], one["until"]))

    def _origin(self, objective_id: str) -> Data | None:
        row = self._stored.row("objective_origin", objective_id)
        if row is None:
            return None
        evaluation = self._stored.row("programme_evaluation", row["evaluation_id"])
        assert evaluation is not None  # noqa: S101 - a foreign key
        name = row["evaluation_id"].removeprefix(f"{evaluation['programme_id']}/")
        return {"programme": evaluation["programme_id"], "evaluation": name, "theme": row["theme_id"]}

    def _phenomena(self, parent: str | None) -> list[Data]:
        return [
            said(
                {
                    "id": row["phenomenon_id"],
                    "title": self._wording.stored(row["title"]),
                    **sourced(row),
                    "phenomena": self._phenomena(row["phenomenon_id"]),
                }
            )
            for row in self._stored.of("phenomenon", "parent_id", parent)
        ]

    def _indicator(self, row: Row) -> Data:
        indicator = row["indicator_id"]
        series = self._stored.of("measurement", "indicator_id", indicator)
        choices = self._stored.of("retained_figure", "indicator_id", indicator)
        retained = reasons(series, choices)
        return said(
            {
                "id": row["indicator_id"],
                "title": self._wording.stored(row["title"]),
                "unit": self._wording.stored(row["unit"]),
                "kind": row["kind"],
                "definition": self._wording.stored(row["definition"]),
                "system": row["system"],
                "rhythm": row["rhythm"],
                "frequency": self._wording.stored(row["frequency"]),
                "targets": [self._target(one) for one in self._stored.of("target", "indicator_id", indicator)],
                **sourced(row),
                "series": [_measurement(one, retained) for one in series],
                "breaks": [_break(one) for one in self._stored.of("series_break", "indicator_id", indicator)],
            }
        )

    def _target(self, row: Row) -> Data:
        return said(
            {
                "period": row["period"],
                "op": row["op"],
                "value": number(row["value"]),
                "upto": number(row["upto"]),
                "words": self._wording.stored(row["words"]),
                "by": row["by_date"],
                "direction": row["direction"],
                "to_be_determined": row["determined_by"],
                "adjusts": row["replaces"] if row["change"] == "adjusted" else None,
                "corrects": row["replaces"] if row["change"] == "corrected" else None,
                "reason": row["reason"],
                "set_on": row["set_on"],
                **sourced(row),
            }
        )

    def _objectives(self, parent: str | None, programme_id: str) -> list[Data]:
        rows = [row for row in self._stored.of("objective", "parent_id", parent) if row["programme_id"] == programme_id]
        return [self._objective(row) for row in sorted(rows, key=lambda row: (row["position"], row["objective_id"]))]

    def _objective(self, row: Row) -> Data:
        decided = self._stored.of("retention", "objective_id", row["objective_id"])
        return said(
            {
                "id": row["objective_id"],
                "title": self._wording.stored(row["title"]),
                "internal": bool(row["internal"]),
                "phenomenon": row["phenomenon_id"],
                "origin": self._origin(row["objective_id"]),
                **sourced(row),
                "disposition": _disposition(decided[-1]) if decided else None,
                "earlier_dispositions": [_disposition(one) for one in decided[:-1]],
                "objectives": self._objectives(row["objective_id"], row["programme_id"]),
                "plans": self._plans(row["objective_id"], row["programme_id"]),
            }
        )

    def _plans(self, objective: str | None, programme_id: str) -> list[Data]:
        """The plans that serve an objective, or those under the programme itself."""
        rows = [
            row for row in self._stored.of("plan", "objective_id", objective) if row["programme_id"] == programme_id
        ]
        rows.sort(key=lambda row: (len(row["plan_id"]), row["plan_id"]))
        return [self._plan_data.plan(row, methods.of_plan(self._connection, row)) for row in rows]


def details_of(installation: Row) -> Data:
    """Give what a file says of the body beside its columns; what nobody said is its one language."""
    own = installation["language"]
    return {"language": own, "languages": [own], **(from_json(installation["details"]) or {})}


def _language(installation: Row) -> str:
    return str(details_of(installation)["language"])


def _disposition(row: Row) -> Data:
    return said(
        {
            "as": row["disposition"],
            "motive": row["motive"],
            "evidence": row["evidence"],
            "decided": row["decided_on"],
            "by": row["decided_by"],
            "watch": row["watch"],
            **sourced(row),
        }
    )


def _break(row: Row) -> Data:
    return said({"period": row["period"], "reason": row["reason"], **sourced(row)})


def _measurement(row: Row, retained: Mapping[tuple[str, int], str | None]) -> Data:
    return said(
        {
            "period": row["period"],
            "value": number(row["value"]),
            "missing": row["missing_reason"],
            "approx": bool(row["approximate"]),
            "parts": figures(row["parts"]),
            "of_which": figures(row["of_which"]),
            "scope": row["scope"],
            "according_to": row["according_to"],
            "published": row["published_on"],
            "retained": (row["period"], row["number"]) in retained,
            "retained_because": retained.get((row["period"], row["number"])),
            **sourced(row),
        }
    )


def _named(value: Any) -> Iterator[str]:  # noqa: ANN401 - any part of the document
    """Give the keys of sources that a part of the document names."""
    if isinstance(value, dict):
        yield from value.get("source") or ()
        for key, member in value.items():
            if key != "geojson":
                yield from _named(member)
    elif isinstance(value, list):
        for member in value:
            yield from _named(member)


def _wishes(row: Row) -> Data:
    """Give what a person wishes as a file says it; nothing where nothing is wished."""
    if row["wishes"] is None:
        return {}
    wishes = wishes_of(row["wishes"])
    view = wishes.view()
    return {
        "channels": view["channels"],
        "digest": wishes.digest,
        "digest_at": view["at"] if wishes.at != AT else None,
        "digest_on": view["weekday"] if wishes.weekday != MONDAY else None,
        "quiet_weekdays": view["quiet_weekdays"],
        "quiet_closed": wishes.quiet_closed,
        "quiet_dates": [{"from": first, "until": last} for first, last in view["quiet_dates"]],
    }
