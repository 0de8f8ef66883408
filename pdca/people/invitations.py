"""Whether a person wants to be invited to the evaluations of the plans that he or she works on."""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NoRight, Usage
from pdca.i18n import _
from pdca.people.commands import lock_installation
from pdca.people.find import find_person
from pdca.store.rows import update


@dataclass(frozen=True, slots=True)
class SetInvitations:
    """Let a person be invited from now on, or not any more."""

    person: str
    wanted: bool

    def perform(self, desk: Desk) -> Outcome:
        """Record the wish; only the person and administrators may. It is nothing new when it stands already.

        Raises NotFound for a person who does not exist, Usage for one without an e-mail address.
        """
        installation = lock_installation(desk)
        person = find_person(desk.connection, self.person)
        if desk.actor.person_id != person["person_id"] and desk.actor.access != "administrator":
            raise NoRight(
                "wish-of-somebody-else",
                _("Only %(name)s and administrators say whether %(name)s is invited.") % {"name": person["name"]},
                hint=_("Ask one of them to do it."),
                actor=desk.actor,
            )
        if self.wanted and not person["email"]:
            raise Usage(
                "no-address-to-invite",
                _("%(name)s has no e-mail address to which an invitation could go.") % {"name": person["name"]},
                hint=_("An address is given with `pdca person add --email`, or in a file of people by `pdca import`."),
            )
        before = person["invited_since"] is not None
        if before != self.wanted:
            since = desk.uow.now_text if self.wanted else None
            change = update("person", {"person_id": person["person_id"]}, invited_since=since)
            draft = Draft(kind="person.invitations_set", changes=[change])
            desk.record(Stream.of_installation(installation), draft)
        return desk.done(person=person["person_id"], wanted=self.wanted, before=before)
