"""The tree of phenomena, which outlives programmes (clauses 28-29)."""

from collections.abc import Mapping
from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.programme.common import check_title, must_be_in_charge
from pdca.shapes import check_id
from pdca.store.driver import Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import programme
from pdca.store.rows import insert, update
from pdca.unknown import unknown_phenomenon


@dataclass(frozen=True, slots=True)
class AddPhenomenon:
    """Add a phenomenon, under another or at the top; `title` maps a language to a text."""

    phenomenon_id: str
    title: Mapping[str, str]
    parent: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write it; raises Usage when the id is taken, NotFound for a parent that is not there."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("change the tree of phenomena"))
        known = _known(desk)
        check_id(self.phenomenon_id)
        if self.phenomenon_id in known:
            raise Usage(
                "phenomenon-exists",
                _("There is a phenomenon “%(phenomenon)s” already.") % {"phenomenon": self.phenomenon_id},
            )
        check_title("phenomenon-title-missing", self.title)
        if self.parent is not None:
            _find(known, self.parent)
        change = insert(
            "phenomenon",
            {"phenomenon_id": self.phenomenon_id},
            parent_id=self.parent,
            title=to_json(dict(self.title)),
            assumed=0,
        )
        desk.record(Stream.of_installation(installation), Draft(kind="phenomenon.added", changes=[change]))
        return desk.done(phenomenon=self.phenomenon_id, parent=self.parent)


@dataclass(frozen=True, slots=True)
class MovePhenomenon:
    """Put a phenomenon, with all that is under it, under another (`parent`) or at the top (None)."""

    phenomenon_id: str
    parent: str | None

    def perform(self, desk: Desk) -> Outcome:
        """Move it; raises NotFound, Usage when it would come to stand under itself."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("change the tree of phenomena"))
        known = _known(desk)
        _find(known, self.phenomenon_id)
        above = self.parent
        while above is not None:
            if above == self.phenomenon_id:
                raise Usage(
                    "phenomenon-under-itself",
                    _("“%(parent)s” is “%(phenomenon)s” itself, or stands under it.")
                    % {"parent": self.parent, "phenomenon": self.phenomenon_id},
                    hint=_("Choose a phenomenon that does not."),
                )
            above = _find(known, above)["parent_id"]
        change = update("phenomenon", {"phenomenon_id": self.phenomenon_id}, parent_id=self.parent)
        desk.record(Stream.of_installation(installation), Draft(kind="phenomenon.moved", changes=[change]))
        return desk.done(phenomenon=self.phenomenon_id, parent=self.parent)


@dataclass(frozen=True, slots=True)
class RenamePhenomenon:
    """Give a phenomenon another title in the languages of `title`; in the others it stays, and so does the id."""

    phenomenon_id: str
    title: Mapping[str, str]

    def perform(self, desk: Desk) -> Outcome:
        """Write the title; raises NotFound, Usage for an empty one."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("change the tree of phenomena"))
        row = _find(_known(desk), self.phenomenon_id)
        check_title("phenomenon-title-missing", self.title)
        title = {**from_json(row["title"]), **self.title}
        change = update("phenomenon", {"phenomenon_id": self.phenomenon_id}, title=to_json(title))
        desk.record(Stream.of_installation(installation), Draft(kind="phenomenon.renamed", changes=[change]))
        return desk.done(phenomenon=self.phenomenon_id, title=title)


def _known(desk: Desk) -> dict[str, Row]:
    return {row["phenomenon_id"]: row for row in desk.connection.all(programme.PHENOMENA)}


def _find(known: Mapping[str, Row], phenomenon_id: str) -> Row:
    if phenomenon_id not in known:
        raise unknown_phenomenon(phenomenon_id)
    return known[phenomenon_id]
