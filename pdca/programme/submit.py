"""Submitting a programme to the outside authorities, whose decisions follow one another (clauses 1, 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from shlex import quote

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound, Refused, Usage
from pdca.i18n import N_, _, localized
from pdca.people.commands import lock_installation
from pdca.programme import words
from pdca.programme.common import filled, find_programme, must_be_in_charge
from pdca.shapes import check_one_line
from pdca.standing import local_day
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import partners, programme
from pdca.store.rows import Change, insert, update
from workflows.need import Need


@dataclass(frozen=True, slots=True)
class AuthorityStep:
    """An authority that has to decide, and by what act; `party` when it is a party here.

    `authority` and `act` map a language to a text.
    """

    authority: dict[str, str]
    act: dict[str, str]
    party: str | None = None


@dataclass(frozen=True, slots=True)
class SetLegalDeadline:
    """State by which local date the authorities must have the programme; it is frozen once that is submitted."""

    programme_id: str
    day: date

    def perform(self, desk: Desk) -> Outcome:
        """Keep the date; raises NotFound, Refused once the programme was submitted."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("set the legal deadline"))
        row = find_programme(desk.connection, self.programme_id)
        if row["submitted_at"] is not None:
            raise Refused(
                "legal-deadline-frozen",
                _("%(programme)s was submitted; its legal deadline stays %(deadline)s.")
                % {"programme": self.programme_id, "deadline": row["legal_deadline"] or _("unstated")},
                hint=_("The deadline in force at the submission is the one that counts."),
            )
        change = update("programme", {"programme_id": self.programme_id}, legal_deadline=self.day.isoformat())
        desk.record(Stream.of_installation(installation), Draft(kind="programme.deadline_set", changes=[change]))
        return desk.done(programme=self.programme_id, legal_deadline=self.day.isoformat())


@dataclass(frozen=True, slots=True)
class Submit:
    """Submit a programme: its legal deadline is frozen, and the authorities decide in the order of `steps`.

    A programme that was rejected can be submitted again; then it is a new version, over which everybody decides who had
    to decide over the one before, in the same order. Others may come with them.
    """

    programme_id: str
    steps: Sequence[AuthorityStep]

    def perform(self, desk: Desk) -> Outcome:
        """Keep the submission, or log the refusal with each authority that is left out.

        Raises NotFound, Refused when it was submitted or nothing was retained.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("submit a programme"))
        row = find_programme(desk.connection, self.programme_id)
        if row["status"] not in ("draft", "rejected"):
            raise Refused(
                "already-submitted",
                _("%(programme)s was submitted already; it is “%(status)s”.")
                % {"programme": self.programme_id, "status": words.status(row["status"])},
                hint=_("Change it by an addendum or a prolongation."),
            )
        if methods.of_plan(desk.connection, row).above_plan:
            self._check_objectives(desk.connection)
        versions = desk.connection.all(programme.VERSIONS, programme_id=self.programme_id)
        stream = Stream.of_installation(installation)
        if needs := self._left_out(desk.connection, versions):
            return desk.refuse(stream, Draft(kind="programme.refused", trigger="submit"), needs)
        changes = [
            update(
                "programme",
                {"programme_id": self.programme_id},
                status="submitted",
                submitted_at=row["submitted_at"] or desk.uow.now_text,
            ),
            *new_version(desk, row, versions, "programme", None, row["period_end"], self.steps),
        ]
        desk.record(stream, Draft(kind="programme.submitted", changes=changes))
        today = local_day(desk.connection, desk.uow.now).isoformat()
        late = row["legal_deadline"] is not None and row["submitted_at"] is None and today > row["legal_deadline"]
        return desk.done(
            programme=self.programme_id,
            version=len(versions),
            legal_deadline=row["legal_deadline"],
            late=late,
            steps=len(self.steps),
        )

    def _check_objectives(self, connection: Connection) -> None:
        objectives = connection.all(programme.OBJECTIVES, programme_id=self.programme_id)
        if not any(row["disposition"] == "retained" for row in objectives):
            raise Refused(
                "nothing-retained",
                _("No objective of %(programme)s was retained.") % {"programme": self.programme_id},
                hint=_("Decide over the candidates first, with `pdca objective retain`."),
            )

    def _left_out(self, connection: Connection, versions: Sequence[Row]) -> tuple[Need, ...]:
        """Name the authorities of the submission that was rejected whose turn does not come in this one."""
        if not versions:
            return ()
        steps = connection.all(programme.STEPS, programme_id=self.programme_id)
        before = [_stored(row) for row in steps if row["version_number"] == versions[-1]["number"]]
        every = " --step ".join(quote(_written(step)) for step in before)
        return tuple(
            Need(
                "authority-left-out",
                N_("“%(authority)s” (%(act)s), step %(step)s of what was rejected, is left out or not in its order."),
                {
                    "programme": self.programme_id,
                    "authority": localized(before[place].authority),
                    "act": localized(before[place].act),
                    "step": place + 1,
                    "steps": every,
                },
                N_("Whoever had to decide decides again, in the same order; others may come with them."),
                "pdca programme submit %(programme)s --step %(steps)s",
            )
            for place in _missing(before, self.steps)
        )


def _missing(before: Sequence[AuthorityStep], after: Sequence[AuthorityStep]) -> list[int]:
    """Give the places of the steps that do not come back, in their order."""
    missing, next_one = [], 0
    for place, step in enumerate(before):
        found = next((n for n in range(next_one, len(after)) if _same(step, after[n])), None)
        if found is None:
            missing.append(place)
        else:
            next_one = found + 1
    return missing


def _same(one: AuthorityStep, other: AuthorityStep) -> bool:
    """Tell whether an authority decides by the same act; acts that are told in no common language may be the same."""
    if one.party is not None and other.party is not None:
        same_authority = one.party == other.party
    else:
        same_authority = not _texts(one.authority).isdisjoint(_texts(other.authority))
    same_act = one.act.keys().isdisjoint(other.act) or not _texts(one.act).isdisjoint(_texts(other.act))
    return same_authority and same_act


def _texts(of: Mapping[str, str]) -> set[str]:
    return {text.strip().casefold() for text in of.values()}


def _stored(row: Row) -> AuthorityStep:
    return AuthorityStep(from_json(row["authority"]), from_json(row["act"]), row["party_id"])


def _written(step: AuthorityStep) -> str:
    """Write a step as the command line takes it."""
    act = localized(step.act)
    return f"{step.party}={act}" if step.party is not None else f"{localized(step.authority)}: {act}"


def new_version(
    desk: Desk,
    row: Row,
    versions: Sequence[Row],
    kind: str,
    text: str | None,
    period_end: str | None,
    steps: Sequence[AuthorityStep],
) -> list[Change]:
    """Make a version of a programme with the approvals that it waits for; raises Usage for steps that do not fit."""
    if not steps:
        raise Usage(
            "no-authority",
            _("No authority is named that has to approve it."),
            hint=_("Name them in the order they decide."),
        )
    key = {"programme_id": row["programme_id"]}
    version = insert(
        "programme_version",
        {**key, "number": len(versions)},
        kind=kind,
        text=text,
        period_end=period_end,
        status="proposed",
        proposed_by=desk.actor.person_id,
        proposed_at=desk.uow.now_text,
    )
    return [version, *(_step(desk.connection, key, len(versions), place, one) for place, one in enumerate(steps, 1))]


def _step(connection: Connection, key: dict[str, str], version: int, place: int, step: AuthorityStep) -> Change:
    filled("authority-missing", N_("The name of the authority"), "".join(step.authority.values()))
    for name in step.authority.values():
        check_one_line(_("The name of the authority"), name)
    filled("act-missing", N_("The act by which the authority decides"), "".join(step.act.values()))
    if step.party is not None and connection.one(partners.PARTY, party_id=step.party) is None:
        raise NotFound(
            "party-unknown",
            _("There is no function or stakeholder “%(party)s”.") % {"party": step.party},
            hint=_("Leave it out when the authority is none here."),
        )
    return insert(
        "authority_approval",
        {**key, "version_number": version, "step": place},
        party_id=step.party,
        authority=to_json(step.authority),
        act=to_json(step.act),
        decision="awaited",
        assumed=0,
    )
