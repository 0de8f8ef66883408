"""The evaluation of a whole programme, theme by theme; the last one feeds the programme that follows (clause 27).

It is prepared, theme after theme, and then recorded in one event. From then on it is not edited, only followed by
another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Conflict, NotFound, Usage
from pdca.i18n import N_, _, localized
from pdca.people.commands import lock_installation
from pdca.programme import moments
from pdca.programme.common import filled, must_be_in_charge, stated
from pdca.programme.predecessor import evaluation_id, programmes_known
from pdca.shapes import check_id, check_one_line
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, optional_json, to_json
from pdca.store.reads import plans, programme, programme_evaluations
from pdca.store.rows import Change, insert, update
from pdca.unknown import unknown_objective, unknown_programme, unknown_programme_evaluation
from workflows.need import Need

KINDS: Final = ("yearly", "mid_term", "final")
DECISIONS: Final = ("retained", "daily_operations", "point_of_attention", "dropped", "continue")
TEXTS: Final = {
    "finding": N_("What was found"),
    "attribution": N_("To what it is due"),
    "evidence": N_("The evidence"),
    "lessons": N_("The lessons"),
}
"""What is said about a theme in words of one's own, besides the decision."""

_EVALUATE: Final = N_("evaluate a programme")


@dataclass(frozen=True, slots=True)
class AddEvaluation:
    """Prepare an evaluation of a programme, of one in the database or of one that is described as having gone before.

    `period` is what it looks back on, which a yearly one has to say, `due_on` by when it is to be held: dates as
    stated ("2023" is allowed).
    """

    programme_id: str
    kind: str
    period: str | None = None
    due_on: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Add it; raises NotFound, Usage for a kind or date that is none and for a yearly one of no year."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, _EVALUATE)
        if self.programme_id not in programmes_known(desk.connection):
            raise unknown_programme(self.programme_id)
        _check_word("programme-evaluation-kind-unknown", N_("“%(word)s” is no kind of evaluation."), self.kind, KINDS)
        if self.period is None and self.kind == "yearly":
            raise Usage(
                "evaluation-without-year",
                _("A yearly evaluation looks back on a year, and none is stated."),
                hint=_("Say which with --period, such as --period 2023."),
            )
        for date in (self.period, self.due_on):
            if date is not None:
                stated(date, desk.uow.now, desk.connection, past=False)
        self._check_period(desk.connection)
        self._check_none_open(desk.connection)
        number = self._number(desk.connection)
        change = insert(
            "programme_evaluation",
            {"evaluation_id": number},
            programme_id=self.programme_id,
            kind=self.kind,
            period=self.period,
            due_on=self.due_on,
            as_published=0,
            assumed=0,
        )
        added = {**change.key, **change.set}
        changes = [change, *moments.kept(desk.connection, added, desk.uow.now, installation["version"] + 1)]
        desk.record(Stream.of_installation(installation), Draft(kind="programme.evaluation_added", changes=changes))
        return desk.done(evaluation=number, programme=self.programme_id, kind=self.kind)

    def _check_period(self, connection: Connection) -> None:
        """A yearly evaluation is of a year of the programme; of one that is only described the years are not asked."""
        row = connection.one(programme.PROGRAMME, programme_id=self.programme_id)
        if row is None or self.kind != "yearly" or self.period is None:
            return
        first, last = row["period_start"][:4], row["period_end"][:4]
        if not first <= self.period[:4] <= last:
            raise Usage(
                "year-outside-programme",
                _("%(period)s is no year of %(programme)s.") % {"period": self.period, "programme": self.programme_id},
                hint=_("Its years are %(first)s to %(last)s.") % {"first": first, "last": last},
            )

    def _check_none_open(self, connection: Connection) -> None:
        """What is prepared already is recorded first."""
        for row in connection.all(programme_evaluations.OF_PROGRAMME, programme_id=self.programme_id):
            if (row["kind"], row["period"]) == (self.kind, self.period) and row["held_on"] is None:
                raise Conflict(
                    "evaluation-prepared",
                    _("%(evaluation)s is prepared already, and is not recorded yet.")
                    % {"evaluation": row["evaluation_id"]},
                    hint=_("Go on with it: `pdca programme evaluation show %(evaluation)s`.")
                    % {"evaluation": row["evaluation_id"]},
                )

    def _number(self, connection: Connection) -> str:
        name = self.kind.replace("_", "-")
        if self.kind == "yearly":
            name += f"-{self.period}"
        known = connection.all(programme_evaluations.OF_PROGRAMME, programme_id=self.programme_id)
        taken = {row["evaluation_id"] for row in known}
        names = (name if count == 1 else f"{name}-{count}" for count in range(1, len(taken) + 2))
        return next(free for one in names if (free := evaluation_id(self.programme_id, one)) not in taken)


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
        must_be_in_charge(desk, _EVALUATE)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        if refusal := _recorded(desk, installation, evaluation):
            return refusal
        check_id(self.theme_id)
        if self.decision is not None:
            _check_word("theme-decision-unknown", N_("“%(word)s” is no decision."), self.decision, DECISIONS)
        for text in self.title.values():
            check_one_line(_("The title"), filled("theme-title-missing", N_("The title"), text))
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
            raise NotFound(
                "phenomenon-unknown",
                _("There is no phenomenon “%(phenomenon)s”.") % {"phenomenon": phenomenon},
                hint=_("`pdca phenomenon list` shows them all."),
            )
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
        must_be_in_charge(desk, _EVALUATE)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        if refusal := _recorded(desk, installation, evaluation):
            return refusal
        find_theme(desk.connection, self.evaluation_id, self.theme_id)
        change = Change("delete", "programme_theme", {"evaluation_id": self.evaluation_id, "theme_id": self.theme_id})
        desk.record(Stream.of_installation(installation), Draft(kind="programme.theme_dropped", changes=[change]))
        return desk.done(evaluation=self.evaluation_id, theme=self.theme_id)


@dataclass(frozen=True, slots=True)
class RecordProgrammeEvaluation:
    """Record an evaluation as it was held, on `held_on` (a date as stated) by `held_by`, a party or words."""

    evaluation_id: str
    held_on: str
    held_by: str
    lessons: Mapping[str, str] = field(default_factory=dict)

    def perform(self, desk: Desk) -> Outcome:
        """Record it, or log the refusal with everything that is missing; it cannot be edited afterwards."""
        installation = lock_installation(desk)
        must_be_in_charge(desk, _EVALUATE)
        evaluation = find_evaluation(desk.connection, self.evaluation_id)
        if refusal := _recorded(desk, installation, evaluation):
            return refusal
        check_one_line(_("Who held it"), filled("held-by-missing", N_("Who held it"), self.held_by))
        stated(self.held_on, desk.uow.now, desk.connection)
        if needs := tuple(self._needs(desk.connection, evaluation)):
            return _refuse(desk, installation, self.evaluation_id, needs)
        change = update(
            "programme_evaluation",
            {"evaluation_id": self.evaluation_id},
            held_on=self.held_on,
            held_by=self.held_by,
            lessons=optional_json(dict(self.lessons)),
            recorded_by=desk.actor.person_id,
            recorded_at=desk.uow.now_text,
        )
        now = {**evaluation, **change.set}
        changes = [change, *moments.kept(desk.connection, now, desk.uow.now, installation["version"] + 1)]
        desk.record(Stream.of_installation(installation), Draft(kind="programme.evaluated", changes=changes))
        return desk.done(evaluation=self.evaluation_id, programme=evaluation["programme_id"], kind=evaluation["kind"])

    def _needs(self, connection: Connection, evaluation: Row) -> Sequence[Need]:
        themes = connection.all(programme_evaluations.THEMES, evaluation_id=self.evaluation_id)
        final = evaluation["kind"] == "final"
        needs = [need for theme in themes for need in _incomplete(theme, final=final)]
        year = (evaluation["period"] or "")[:4]
        if evaluation["kind"] == "yearly" and year and self.held_on[:4] <= year:
            needs.append(
                Need(
                    "year-not-over",
                    N_("%(evaluation)s looks back on %(period)s, which was not over on %(held)s."),
                    {"evaluation": self.evaluation_id, "period": evaluation["period"], "held": self.held_on},
                    N_("Hold it when the year is over."),
                    "pdca programme evaluation show %(evaluation)s",
                )
            )
        if not themes:
            needs.append(
                Need(
                    "evaluation-without-theme",
                    N_("%(evaluation)s says nothing about any theme."),
                    {"evaluation": self.evaluation_id},
                    N_("Say of each theme what was found and what is decided."),
                    f"pdca programme evaluation theme %(evaluation)s {_THEME_WORDS}",
                )
            )
        if final:
            needs += _not_looked_at(connection, evaluation, themes)
        return needs


_THEME_WORDS: Final = "THEME --finding … --decision … --attribution … --evidence …"


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
            f"pdca programme evaluation theme %(evaluation)s {_THEME_WORDS}".replace("THEME", "%(objective)s"),
        )
        for row in rows
        if row["parent_id"] is None and row["disposition"] == "retained" and not looked_at(row)
    ]


_ADD: Final = "pdca programme evaluation add %(programme)s --kind %(kind)s"
_ADD_YEARLY: Final = "pdca programme evaluation add %(programme)s --kind %(kind)s --period YEAR"


def _recorded(desk: Desk, installation: Row, evaluation: Row) -> Outcome | None:
    if evaluation["recorded_at"] is None:
        return None
    need = Need(
        "programme-evaluation-recorded",
        N_("%(evaluation)s is recorded already."),
        {
            "evaluation": evaluation["evaluation_id"],
            "programme": evaluation["programme_id"],
            "kind": evaluation["kind"].replace("_", "-"),
        },
        N_("A recorded evaluation is not edited, only followed by another."),
        _ADD_YEARLY if evaluation["kind"] == "yearly" else _ADD,
    )
    return _refuse(desk, installation, evaluation["evaluation_id"], (need,))


def _refuse(desk: Desk, installation: Row, evaluation: str, needs: tuple[Need, ...]) -> Outcome:
    draft = Draft(kind="programme.refused", trigger="evaluate", evaluation=evaluation)
    return desk.refuse(Stream.of_installation(installation), draft, needs)


def _check_objective(connection: Connection, objective: str, programme_id: str) -> None:
    row = connection.one(plans.OBJECTIVE, objective_id=objective)
    if row is None:
        raise unknown_objective(objective)
    if row["programme_id"] != programme_id:
        raise Usage(
            "theme-of-another-programme",
            _("%(objective)s is an objective of the programme %(programme)s.")
            % {"objective": objective, "programme": row["programme_id"]},
            hint=_("Name an objective of %(programme)s, or what else the theme is about.")
            % {"programme": programme_id},
        )


def _check_word(code: str, message: str, word: str, choices: Sequence[str]) -> None:
    if word not in choices:
        raise Usage(
            code, _(message) % {"word": word}, hint=_("Choose one of %(choices)s.") % {"choices": ", ".join(choices)}
        )


def find_evaluation(connection: Connection, evaluation: str) -> Row:
    """Load the evaluation of a programme; raises NotFound."""
    found = connection.one(programme_evaluations.EVALUATION, evaluation_id=evaluation)
    if found is None:
        raise unknown_programme_evaluation(evaluation)
    return found


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
