"""The themes of an evaluation of a programme: what is said of each, until the evaluation is recorded (clause 31)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound, Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.programme import words
from pdca.programme.common import check_title, filled, find_objective, must_be_in_charge
from pdca.programme.evaluation import EVALUATE, find_evaluation, recorded_already
from pdca.shapes import check_among, check_id
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import plans, programme, programme_evaluations
from pdca.store.rows import Change, insert, update
from pdca.unknown import unknown_phenomenon

TEXTS: Final = {
    "finding": N_("What was found"),
    "attribution": N_("To what it is due"),
    "evidence": N_("The evidence"),
    "lessons": N_("The lessons"),
}
"""What is said about a theme in words of one's own, besides the decision."""


@dataclass(frozen=True, slots=True)
class SetTheme:
    """Say something about a theme of an evaluation that is not recorded yet; what is None stays as it is.

    A theme is about a phenomenon, about an objective, or about what its title says. One that is not there yet and says
    none of these is about the phenomenon or the objective of that id. `texts` maps the words of `TEXTS` to texts per
    language.
    """

    evaluation_id: str
    theme_id: str
    phenomenon: str | None = None
    objective: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    decision: str | None = None
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def perform(self, desk: Desk) -> Outcome:
        """Add or change the theme; raises NotFound, Usage, and logs the refusal once the evaluation is recorded."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, EVALUATE)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        if refusal := recorded_already(desk, installation, evaluation):
            return refusal
        check_id(self.theme_id)
        if self.decision is not None:
            decisions = words.THEME_DECISION
            check_among("theme-decision-unknown", N_("“%(word)s” is no decision."), self.decision, decisions)
        if self.title:
            check_title("theme-title-missing", self.title)
        for name, texts in self.texts.items():
            for text in texts.values():
                filled("theme-text-missing", TEXTS[name], text)
        themes = desk.connection.all(programme_evaluations.THEMES, evaluation_id=self.evaluation_id)
        before = next((row for row in themes if row["theme_id"] == self.theme_id), None)
        key = {"evaluation_id": self.evaluation_id, "theme_id": self.theme_id}
        values = {**self._about(desk.connection, before, evaluation["programme_id"]), **self._said(before)}
        if before is None:
            last = max((row["position"] for row in themes), default=0)
            change = insert("programme_theme", key, position=last + 1, assumed=0, **values)
        else:
            change = update("programme_theme", key, **values)
        if change.op == "insert" or change.set:
            desk.record(Stream.of_installation(installation), Draft(kind="programme.theme_set", changes=[change]))
        return desk.done(evaluation=self.evaluation_id, theme=self.theme_id, added=before is None)

    def _about(self, connection: Connection, before: Row | None, programme_id: str) -> dict[str, str]:
        phenomena = {row["phenomenon_id"] for row in connection.all(programme.PHENOMENA)}
        phenomenon, objective = self.phenomenon, self.objective
        if before is None and not (phenomenon or objective or self.title):
            if self.theme_id in phenomena:
                phenomenon = self.theme_id
            elif connection.one(plans.OBJECTIVE, objective_id=self.theme_id):
                objective = self.theme_id
            else:
                raise Usage(
                    "theme-about-nothing",
                    _("“%(theme)s” is neither a phenomenon nor an objective.") % {"theme": self.theme_id},
                    hint=_("Say what the theme is about with --phenomenon, --objective or --title."),
                )
        if phenomenon is not None and phenomenon not in phenomena:
            raise unknown_phenomenon(phenomenon)
        if objective is not None:
            _check_objective(connection, objective, programme_id)
        found = {"phenomenon_id": phenomenon, "objective_id": objective}
        return {name: value for name, value in found.items() if value is not None}

    def _said(self, before: Row | None) -> dict[str, str]:
        held = before or {}
        texts = {"title": self.title, **self.texts}
        found = {name: to_json({**(from_json(held.get(name)) or {}), **text}) for name, text in texts.items() if text}
        return {**found, **({} if self.decision is None else {"decision": self.decision})}


@dataclass(frozen=True, slots=True)
class DropTheme:
    """Take a theme out of an evaluation that is not recorded yet."""

    evaluation_id: str
    theme_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Remove it; raises NotFound, and logs the refusal once the evaluation is recorded."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, EVALUATE)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        if refusal := recorded_already(desk, installation, evaluation):
            return refusal
        find_theme(desk.connection, self.evaluation_id, self.theme_id)
        change = Change("delete", "programme_theme", {"evaluation_id": self.evaluation_id, "theme_id": self.theme_id})
        desk.record(Stream.of_installation(installation), Draft(kind="programme.theme_dropped", changes=[change]))
        return desk.done(evaluation=self.evaluation_id, theme=self.theme_id)


def _check_objective(connection: Connection, objective: str, programme_id: str) -> None:
    row = find_objective(connection, objective)
    if row["programme_id"] != programme_id:
        raise Usage(
            "theme-of-another-programme",
            _("%(objective)s is an objective of the programme %(programme)s.")
            % {"objective": objective, "programme": row["programme_id"]},
            hint=_("Name an objective of %(programme)s, or what else the theme is about.")
            % {"programme": programme_id},
        )


def find_theme(connection: Connection, evaluation: str, theme_id: str) -> Row:
    """Load a theme of an evaluation; raises NotFound."""
    themes = connection.all(programme_evaluations.THEMES, evaluation_id=evaluation)
    for theme in themes:
        if theme["theme_id"] == theme_id:
            return theme
    raise NotFound(
        "theme-unknown",
        _("%(evaluation)s has no theme “%(theme)s”.") % {"evaluation": evaluation, "theme": theme_id},
        hint=_("It has: %(themes)s.") % {"themes": ", ".join(row["theme_id"] for row in themes) or _("none")},
    )
