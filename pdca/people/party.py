"""Functions of the body and organisations outside: adding them, and changing what is said of them.

Who heads the body or answers for it, and with that who decides on programmes, follows from the functions and
authorities there are: only an administrator changes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.people.discipline import check_discipline
from pdca.people.words import ESCALATION, FUNCTION, KIND, OUTSIDE
from pdca.shapes import check_among, check_id, check_one_line, taken
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import people
from pdca.store.rows import insert, update
from pdca.unknown import unknown_party


@dataclass(frozen=True, slots=True)
class AddParty:
    """Add a function or a stakeholder; `name` maps a language to a text.

    `discipline` is what it brings into project groups, `escalation` as what it is told of what climbs the ladder.
    """

    party_id: str
    kind: str
    name: Mapping[str, str]
    discipline: str | None = None
    escalation: str | None = None
    note: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write it; raises Usage when the id is taken or something does not fit."""
        must_administer(desk.actor, N_("change functions and partners"))
        installation = lock_installation(desk)
        check_id(self.party_id)
        known = (row["party_id"] for row in desk.connection.all(people.PARTIES))
        if same := taken(self.party_id, known):
            raise Usage(
                "party-exists",
                _("There is a function or stakeholder “%(party)s” already.") % {"party": same},
                hint=_("Choose another id, or change that one."),
            )
        impossible = N_("“%(word)s” is not possible here.")
        check_among("kind-unknown", impossible, self.kind, KIND)
        _check_name(self.name)
        if self.escalation is not None:
            check_among("escalation-unknown", impossible, self.escalation, ESCALATION)
        added = insert(
            "party",
            {"party_id": self.party_id},
            kind=self.kind,
            name=to_json(dict(self.name)),
            discipline=None if self.discipline is None else check_discipline(self.discipline),
            discipline_assumed=0,
            escalation=self.escalation,
            note=self.note or None,
            assumed=0,
        )
        desk.record(Stream.of_installation(installation), Draft(kind="party.added", changes=[added]))
        return desk.done(party=self.party_id, kind=self.kind)


@dataclass(frozen=True, slots=True)
class SetParty:
    """Say something else of a party: the members of `values` are name, kind, discipline, escalation and note.

    A name changes in the languages that are given; None takes one of the others away.
    """

    party_id: str
    values: Mapping[str, Any]

    def perform(self, desk: Desk) -> Outcome:
        """Write what differs as one event; without any difference there is none.

        Raises NotFound for no such party, Usage for what does not fit.
        """
        must_administer(desk.actor, N_("change functions and partners"))
        installation = lock_installation(desk)
        known = {row["party_id"]: row for row in desk.connection.all(people.PARTIES)}
        row = known.get(self.party_id)
        if row is None:
            raise unknown_party(self.party_id, known)
        wanted = {name: value for name, value in self.values.items() if name != "name"}
        if "name" in self.values:
            _check_name(self.values["name"])
            wanted["name"] = to_json({**from_json(row["name"]), **self.values["name"]})
        impossible = N_("“%(word)s” is not possible here.")
        if "kind" in wanted and wanted["kind"] != row["kind"]:
            # What is no function of the body never becomes one, nor the other way round.
            check_among("kind-unknown", impossible, wanted["kind"], (FUNCTION,) if row["kind"] == FUNCTION else OUTSIDE)
        if wanted.get("escalation") is not None:
            check_among("escalation-unknown", impossible, wanted["escalation"], ESCALATION)
        if "discipline" in wanted:
            stated = wanted["discipline"]
            wanted |= {"discipline": None if stated is None else check_discipline(stated), "discipline_assumed": 0}
        changed = {column: value for column, value in wanted.items() if row[column] != value}
        if changed:
            change = update("party", {"party_id": self.party_id}, **changed)
            desk.record(Stream.of_installation(installation), Draft(kind="party.changed", changes=[change]))
        return desk.done(party=self.party_id, changed=sorted(changed))


def _check_name(name: Mapping[str, str]) -> None:
    for text in name.values() or ("",):
        if not text.strip():
            raise Usage("name-missing", _("The name is empty."), hint=_("State it."))
        check_one_line(_("The name"), text)
