"""The public keys of the log: which one signs, and since when. The first is there from the founding on."""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.errors import Refused, Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.store.reads import checkpoints
from pdca.store.rows import Change, insert, update


@dataclass(frozen=True, slots=True)
class ChangeKey:
    """Let another key sign from now on: the first one, or one in the place of that which signs now."""

    vkey: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Retire the present key, if there is one, and write the other; raises Usage without a reason."""
        must_administer(desk.actor, N_("change the key of the log"))
        if not self.reason.strip():
            raise Usage("reason-missing", _("Why the key is changed is kept in the log."), hint=_("Give --reason."))
        installation = lock_installation(desk)
        keys = desk.connection.all(checkpoints.KEYS)
        if any(key["vkey"] == self.vkey for key in keys):
            raise Refused("key-known", _("This key is, or was, the key of the log already."))
        now = desk.uow.now_text
        retired = [update("log_key", {"number": key["number"]}, retired_at=now) for key in keys[-1:]]
        changed = new_key(len(keys) + 1, self.vkey, desk.actor.name_in_log, now, self.reason)
        desk.record(
            Stream.of_installation(installation),
            Draft(kind="key.changed", changes=[*retired, changed], reason=self.reason),
        )
        return desk.done(number=len(keys) + 1, vkey=self.vkey)


def new_key(number: int, vkey: str, made_by: str, now: str, reason: str | None = None) -> Change:
    """Make the row of a key."""
    return insert("log_key", {"number": number}, vkey=vkey, made_at=now, made_by=made_by, reason=reason)
