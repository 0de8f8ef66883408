"""A stored programme as a file holds it, with how it was approved and evaluated."""

from collections.abc import Sequence

from pdca.exchange.stored import Stored
from pdca.exchange.wording import Data, Wording, in_reading_order, said, sourced
from pdca.plans.roles import local_date
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from workflows.instants import from_text


def handed_in(version: Row, zone: str) -> str | None:
    """Give the local date on which a version of a programme was handed in, as far as that is known."""
    at = version["proposed_at"]
    return local_date(from_text(at), zone).isoformat() if at else None


class ProgrammeData:
    """Writes programmes as files in a language hold them."""

    def __init__(self, stored: Stored, wording: Wording, zone: str) -> None:
        self._stored = stored
        self._wording = wording
        self._zone = zone

    def programme(self, row: Row) -> Data:
        """Give a programme without what belongs to it: its period, its approval or versions, its evaluations."""
        details: Data = from_json(row["details"]) or {}
        before = [
            *([row["previous_id"]] if row["previous_id"] else ()),
            *map(self._previous, details.get("previous", ())),
        ]
        return said(
            {
                "id": row["programme_id"],
                "title": self._wording.stored(row["title"]),
                "period": {"from": row["period_start"], "to": row["period_end"]},
                "method": row["definition"],
                "previous": before,
                "legal_deadline": row["legal_deadline"],
                "drafted": details.get("drafted"),
                "integrates": self._wording.statements(details.get("integrates")),
                **self._approved(row, details),
                "reviews": [self._wording.worded(review, "what") for review in details.get("reviews", ())],
                "evaluations": self._evaluations(row["programme_id"]),
                "remarks": self._wording.statements(details.get("remarks")),
                **sourced(row),
            }
        )

    def _approved(self, programme: Row, details: Data) -> Data:
        """Give the steps by which the programme is approved, or those to come; or versions, where that would lose some.

        So it would where there are several, where it is known when one was handed in, where nobody decided yet, and
        where a rejected one got another period.
        """
        programme_id = programme["programme_id"]
        versions = self._stored.of("programme_version", "programme_id", programme_id)
        rows = self._stored.of("authority_approval", "programme_id", programme_id)
        steps = sorted(rows, key=lambda row: (row["version_number"], row["step"]))
        plain = all(row["period_end"] == programme["period_end"] and row["proposed_at"] is None for row in versions)
        if len(versions) > 1 or not plain or (steps and all(step["decision"] == "awaited" for step in steps)):
            return {"versions": [self._version(row, steps) for row in versions]}
        if steps:
            return {"approvals": [self._approval(row) for row in steps]}
        return {"approvals": [self._to_come(step) for step in details.get("approvals", ())]}

    def _version(self, row: Row, steps: Sequence[Row]) -> Data:
        own = [self._approval(step) for step in steps if step["version_number"] == row["number"]]
        found = {"number": row["number"], "kind": row["kind"], "text": row["text"], "to": row["period_end"]}
        return said({**found, "proposed": handed_in(row, self._zone), "approvals": own})

    def _to_come(self, step: Data) -> Data:
        return self._wording.worded({name: step[name] for name in step if name != "decision"}, "by", "act")

    def _approval(self, row: Row) -> Data:
        deduced = "awaited" if row["decided_on"] is None else "approved"
        return said(
            {
                "by": self._wording.stored(row["authority"]),
                "party": row["party_id"],
                "act": self._wording.stored(row["act"]),
                "decision": row["decision"] if row["decision"] != deduced else None,
                "date": row["decided_on"],
                "effective": row["effective_on"],
                **sourced(row),
            }
        )

    def _previous(self, stored: Data) -> Data:
        # Read back, whatever stands there counts as recorded.
        found = [one for one in self._of_programme(stored["id"]) if one["recorded_at"]]
        evaluations = [self._evaluation(one) for one in found]
        return in_reading_order({**stored, **({"evaluations": evaluations} if evaluations else {})})

    def _of_programme(self, programme_id: str) -> Sequence[Row]:
        return self._stored.of("programme_evaluation", "programme_id", programme_id)

    def _evaluations(self, programme_id: str) -> list[Data]:
        return [self._evaluation(row) for row in self._of_programme(programme_id)]

    def _evaluation(self, row: Row) -> Data:
        themes = self._stored.of("programme_theme", "evaluation_id", row["evaluation_id"])
        return said(
            {
                "id": row["evaluation_id"].removeprefix(f"{row['programme_id']}/"),
                "kind": row["kind"],
                "period": row["period"],
                "due": row["due_on"],
                "held": row["held_on"],
                "by": row["held_by"],
                **sourced(row),
                "themes": [
                    self._theme(theme) for theme in sorted(themes, key=lambda one: (one["position"], one["theme_id"]))
                ],
                "lessons": self._wording.stored(row["lessons"]),
            }
        )

    def _theme(self, row: Row) -> Data:
        texts = {name: self._wording.stored(row[name]) for name in ("finding", "attribution", "evidence", "lessons")}
        return said(
            {
                "id": row["theme_id"],
                "title": self._wording.stored(row["title"]),
                "phenomenon": row["phenomenon_id"],
                "objective": row["objective_id"],
                **sourced(row),
                **texts,
                "decision": row["decision"],
            }
        )
