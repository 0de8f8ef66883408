"""What a method is made of: its states, transitions, rubrics, levels, deadlines and escalation ladder, as plain values.

Texts are *localized*: a mapping of language code to text, with at least the languages of `LANGUAGES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property
from itertools import takewhile
from types import MappingProxyType
from typing import Final, NamedTuple

Localized = Mapping[str, str]

RESUME: Final = "@resume"
"""Target of a transition that goes back to the state in which the plan was suspended."""

LANGUAGES: Final = ("nl", "fr", "en")
ROLES: Final = ("lead", "member", "scheduler", "administrator")
RECIPIENTS: Final = ("lead", "group", "chief", "authority")
PHASES: Final = ("plan", "do", "check", "adjust", "ended", "suspended")
DEADLINE_KINDS: Final = ("start", "record", "decide")
ANCHORS: Final = ("period_start", "entered")
LEVEL_KINDS: Final = ("objective", "plan", "activity")
EFFECTS: Final = (
    "lock_baseline",
    "open_evaluation",
    "conclude_evaluation",
    "next_cycle",
    "set_watch",
    "hold_deadlines",
    "release_deadlines",
    "end",
)

ROLE_NAMES: Final[Mapping[str, Localized]] = MappingProxyType(
    {
        "lead": {"nl": "projectleider", "fr": "chef de projet", "en": "project leader"},
        "member": {
            "nl": "lid van de projectgroep",
            "fr": "membre du groupe de projet",
            "en": "member of the project group",
        },
        "scheduler": {"nl": "taakplanner", "fr": "planificateur", "en": "scheduler"},
        "administrator": {"nl": "beheerder", "fr": "administrateur", "en": "administrator"},
    }
)
"""What the roles are called where the method does not say otherwise."""


def pick(texts: Localized, language: str) -> str:
    """The text in `language`, otherwise in English, otherwise in whatever language there is ("" for none)."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


class Deadline(NamedTuple):
    """How long a plan may stand in a state: `days` calendar days after the anchor.

    `kind` says what must have happened by then: the plan started, the evaluation recorded, the adjustment decided.
    """

    kind: str
    anchor: str
    days: int


class State(NamedTuple):
    """A state of a plan and the phase of Plan-Do-Check-Adjust that it belongs to."""

    id: str
    label: Localized
    phase: str
    deadline: Deadline | None = None

    @property
    def ended(self) -> bool:
        """Whether the plan is over in this state: no deadlines run, no evaluations fall due."""
        return self.phase == "ended"

    @property
    def running(self) -> bool:
        """Whether the plan is in Plan, Do, Check or Adjust: neither over nor suspended."""
        return self.phase not in {"ended", "suspended"}


class Transition(NamedTuple):
    """One trigger: from which states, to which (or `RESUME`), by which roles, under which guards, to what effect."""

    trigger: str
    label: Localized
    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()


class Rubric(NamedTuple):
    """A heading that every action plan must fill; the order in the definition is the order on paper (clause 8).

    `actions` is whether it is filled by actions and not by a text alone (clause 12): a plan needs an activity of it.
    `means` is whether the means and capacity of the activities belong to it (clause 24), `involvement` whether the
    sessions with partners and their reactions do (clause 26): from whom it is withheld, they are too.
    """

    id: str
    label: Localized
    actions: bool = False
    means: bool = False
    involvement: bool = False


class Level(NamedTuple):
    """A level of the plan tree, 1 the highest: of objectives, of plans or of activities (`LEVEL_KINDS`).

    `rhythm` is the RFC 5545 rule of its usual evaluations, None if free.
    """

    id: str
    label: Localized
    order: int
    kind: str
    rhythm: str | None = None


class EvaluationDefaults(NamedTuple):
    """Local time at which an evaluation without a stated time falls due, and the days allowed to record it.

    `extension_days` is how many days after its first date an evaluation can be moved to; None when there is no such
    bound. `reminders` are the days before an evaluation at which people are reminded of it.
    """

    time: time
    record_days: int
    extension_days: int | None = None
    reminders: tuple[int, ...] = ()


class LadderStep(NamedTuple):
    """Who is told, how many days after something became overdue."""

    after_days: int
    to: str


@dataclass(frozen=True, eq=False, repr=False)
class WorkflowDefinition:
    """A version of a method. Compared and hashed by identity: a loaded definition is shared, never copied.

    `text` is the definition file it was read from, whole, so that who works by it can keep it.

    `group_days` is how many days after its period begins a plan has its project group (clause 16), unless it states
    another day; None when the method sets no deadline.

    `roles` are the method's own names of roles; those it does not name are called as everywhere (`ROLE_NAMES`).

    What is looked up often is built once, on first use; that is why it has no slots.
    """

    id: str
    version: int
    title: Localized
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    rubrics: tuple[Rubric, ...]
    levels: tuple[Level, ...]
    evaluation: EvaluationDefaults
    ladder: tuple[LadderStep, ...]
    roles: Mapping[str, Localized] = field(default_factory=dict)
    group_days: int | None = None
    text: str = ""

    @cached_property
    def state_by_id(self) -> Mapping[str, State]:
        """The states by id, in the order of the definition."""
        return MappingProxyType({state.id: state for state in self.states})

    @cached_property
    def routes(self) -> Mapping[str, Mapping[str, Transition]]:
        """The transitions by state and trigger: `routes["plan"]["start"]`."""
        table: dict[str, dict[str, Transition]] = {state.id: {} for state in self.states}
        for transition in self.transitions:
            for source in transition.sources:
                table.setdefault(source, {})[transition.trigger] = transition
        return MappingProxyType(table)

    @cached_property
    def above_plan(self) -> tuple[Level, ...]:
        """The levels of objectives above the plan, the highest first; () when plans stand under the programme."""
        return tuple(takewhile(lambda level: level.kind == "objective", self.levels))

    @cached_property
    def under_plan(self) -> Level | None:
        """The level of objectives between a plan and its activities; None when the method has none there."""
        below = self.levels[len(self.above_plan) :]
        return next((level for level in below if level.kind == "objective"), None)

    def role_name(self, role: str) -> Localized:
        """What the method calls a role."""
        return self.roles.get(role) or ROLE_NAMES.get(role) or {"en": role}

    def targets(self, transition: Transition) -> tuple[str, ...]:
        """The states in which the transition can end: one, or every running state for `RESUME`."""
        if transition.target == RESUME:
            return tuple(state.id for state in self.states if state.running)
        return (transition.target,)
