"""Candidate objectives for the next programme, from what was found about the one before (clause 27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound, Refused, Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.programme.common import find_programme, must_be_in_charge
from pdca.programme.evaluation import find_evaluation
from pdca.programme.predecessor import previous_to
from pdca.programme.theme import find_theme
from pdca.shapes import check_id
from pdca.store.driver import Connection, Row
from pdca.store.reads import plans, programme, programme_evaluations
from pdca.store.rows import Change, insert

GOES_ON: Final = ("retained", "continue")
"""The decisions about a theme that ask for an objective in the next programme."""


@dataclass(frozen=True, slots=True)
class Propose:
    """Make candidate objectives in a programme from themes of a recorded evaluation of the one before.

    Without `programme_id` it is the programme that follows, and without `themes` every theme is meant whose decision
    asks for it. An objective is called after its theme, or `objective_id` when one theme is meant.
    """

    evaluation_id: str
    programme_id: str | None = None
    themes: Sequence[str] = ()
    objective_id: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Add the candidates; one for each theme that has none yet.

        Raises NotFound, Usage for an id for several or one that is taken, Refused for an evaluation that is not
        recorded.
        """
        installation = lock_installation(desk)
        must_be_in_charge(desk, N_("propose objectives"))
        connection = desk.connection
        evaluation = find_evaluation(connection, self.evaluation_id)
        if evaluation["recorded_at"] is None:
            raise Refused(
                "programme-evaluation-open",
                _("%(evaluation)s is not recorded yet.") % {"evaluation": self.evaluation_id},
                hint=_("Record it first; what is proposed rests on what was found."),
            )
        into = self._programme(connection, evaluation)
        themes = self._themes(connection, into)
        if self.objective_id is not None and len(themes) > 1:
            raise Usage(
                "one-id-for-several",
                _("%(count)s objectives cannot have the same id.") % {"count": len(themes)},
                hint=_("Name the theme with --theme."),
            )
        proposed = dict(self._candidates(connection, into, themes))
        if proposed:
            changes = [change for several in proposed.values() for change in several]
            draft = Draft(kind="objective.proposed", changes=changes, evaluation=self.evaluation_id)
            desk.record(Stream.of_installation(installation), draft)
        return desk.done(evaluation=self.evaluation_id, programme=into["programme_id"], objectives=list(proposed))

    def _programme(self, connection: Connection, evaluation: Row) -> Row:
        if self.programme_id is not None:
            return find_programme(connection, self.programme_id)
        following = [row for row in connection.all(plans.PROGRAMMES) if previous_to(row) == evaluation["programme_id"]]
        if len(following) != 1:
            raise NotFound(
                "no-next-programme",
                _("No single programme follows %(programme)s.") % {"programme": evaluation["programme_id"]},
                hint=_("Say with --programme where the objectives are to stand."),
            )
        return following[0]

    def _themes(self, connection: Connection, into: Row) -> list[Row]:
        """Find the themes that are meant and from which the programme has no objective yet."""
        here = {row["objective_id"] for row in connection.all(programme.OBJECTIVES, programme_id=into["programme_id"])}
        done = {
            row["theme_id"]
            for row in connection.all(programme_evaluations.ORIGINS)
            if row["evaluation_id"] == self.evaluation_id and row["objective_id"] in here
        }
        if self.themes:
            found = [find_theme(connection, self.evaluation_id, theme) for theme in dict.fromkeys(self.themes)]
        else:
            every = connection.all(programme_evaluations.THEMES, evaluation_id=self.evaluation_id)
            found = [theme for theme in every if theme["decision"] in GOES_ON]
        return [theme for theme in found if theme["theme_id"] not in done]

    def _candidates(
        self, connection: Connection, into: Row, themes: Sequence[Row]
    ) -> Sequence[tuple[str, tuple[Change, Change]]]:
        phenomena = {row["phenomenon_id"]: row for row in connection.all(programme.PHENOMENA)}
        every = {row["objective_id"]: row for row in connection.all(plans.OBJECTIVES)}
        here = connection.all(programme.OBJECTIVES, programme_id=into["programme_id"])
        first = max((row["position"] for row in here), default=-1) + 1
        level = min(methods.of_plan(connection, into).levels, key=lambda level: level.order).id
        found = []
        for position, theme in enumerate(themes, start=first):
            about = every.get(theme["objective_id"]) or {}
            phenomenon = theme["phenomenon_id"] or about.get("phenomenon_id")
            title = theme["title"] or about.get("title") or phenomena[phenomenon]["title"]
            key = {"objective_id": self._free_id(into, theme, every)}
            candidate = insert(
                "objective",
                key,
                programme_id=into["programme_id"],
                level=level,
                position=position,
                title=title,
                internal=about.get("internal", 0),
                disposition="candidate",
                phenomenon_id=phenomenon,
                assumed=0,
            )
            origin = insert("objective_origin", key, evaluation_id=self.evaluation_id, theme_id=theme["theme_id"])
            found.append((key["objective_id"], (candidate, origin)))
        return found

    def _free_id(self, into: Row, theme: Row, every: dict[str, Row]) -> str:
        """Give an id that no objective has, of whatever programme; capitals make no other id."""
        taken = {name.casefold() for name in every}
        if self.objective_id is not None:
            if check_id(self.objective_id).casefold() in taken:
                raise Usage(
                    "objective-exists",
                    _("There is an objective “%(objective)s” already.") % {"objective": self.objective_id},
                    hint=_("Give another id."),
                )
            return self.objective_id
        own = theme["theme_id"]
        if own.casefold() not in taken:
            return str(own)
        year = into["period_start"][:4]
        names = (f"{own}-{year}" if count == 1 else f"{own}-{year}-{count}" for count in range(1, len(taken) + 2))
        return next(name for name in names if name.casefold() not in taken)
