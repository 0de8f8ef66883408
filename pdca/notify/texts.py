"""The words of a message, in the language of the person it is for: what happened, what is asked, by when, and why you.

Made when the message is delivered, from the facts that were written down when it happened. gettext keys are English
templates with named fields (`pdca.notify.phrases`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import fill
from typing import Any, Final

from pdca import methods
from pdca.i18n import LANGUAGES, SOURCE, catalogue, localized
from pdca.notify import phrases
from pdca.notify.dates import Say, day, moment, weekday
from pdca.notify.lines import one_line, quoted, shortened
from pdca.notify.phrases import PHRASES, Ask, Phrases
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from workflows.escalation import Rung
from workflows.instants import from_text
from workflows.method import Transition, WorkflowDefinition

WIDTH: Final = 76
"""A line of plain text that no mail program breaks again."""

LONGEST_TITLE: Final = 60
"""Of a title in a subject, so that what and when are still seen."""


@dataclass(frozen=True, slots=True)
class Text:
    """The subject (one line), the body (lines, plain text) and the language of both."""

    subject: str
    body: str
    language: str


@dataclass(frozen=True, slots=True)
class _Facts:
    row: Row
    parameters: Mapping[str, Any]
    definition: WorkflowDefinition
    language: str
    say: Say

    @property
    def state(self) -> str:
        """The state in which the event left the plan."""
        return str(self.parameters.get("to") or self.parameters.get("state") or "")

    def label(self, state: str) -> str:
        """What the method calls a state; its id when the plan has gone to a version without it since."""
        known = self.definition.state_by_id.get(state)
        return localized(known.label, self.language) if known else state


def write(row: Row, installation: Row) -> Text:
    """Write the message of a row of `reads.notifications.DUE`; raises KeyError for a kind that nobody has words for."""
    facts = _facts(row)
    said = _phrases(facts)
    rung = _next_rung(facts) if said.escalates else None
    values = _values(facts, installation, rung)
    return Text(
        subject=_subject(facts, installation, said, values),
        body=_body(facts, installation, said, values, rung),
        language=facts.language,
    )


def write_digest(rows: Sequence[Row], installation: Row) -> Text:
    """Write one message of several reminders for one person, by date; raises KeyError as `write` does."""
    # Where nothing was delivered for long, several are about one evaluation: the last of them says it all.
    last = {row["evaluation_id"]: row for row in rows}
    if len(last) == 1:
        return write(rows[-1], installation)
    found = sorted((_facts(row) for row in last.values()), key=lambda facts: facts.parameters["due_at"])
    values = [_values(facts, installation, None) for facts in found]
    say, first = found[0].say, values[0]
    news = say(phrases.DIGEST) % {"count": len(found), "day": first["due_day"]}
    mark = phrases.SIMULATION if installation["simulated"] else phrases.ASSUMED
    marked = installation["simulated"] or any(row["plan_assumed"] for row in rows)
    foot = {
        **first,
        "ids": ", ".join(one_line(row["notification_id"]) for row in rows),
        "zone": ", ".join(dict.fromkeys(one["zone"] for one in values)),
    }
    blocks = [
        _paragraph(say(phrases.SIMULATION_NOTE), first) if installation["simulated"] else "",
        _paragraph(say(phrases.GREETING), first),
        _paragraph(say(phrases.DIGEST_BEGINS), first),
        *_asked(found, values),
        _paragraph(say(phrases.DIGEST_WHY), first),
        f"-- \n{_paragraph(say(phrases.DIGEST_FOOT), foot)}",
    ]
    return Text(
        subject=f"{say(mark)} {news}" if marked else news,
        body="\n\n".join(block for block in blocks if block) + "\n",
        language=found[0].language,
    )


def _asked(found: Sequence[_Facts], values: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Say what happens, and once for all that ask the same of the reader what that is."""
    by_ask: dict[Ask, list[int]] = {}
    for number, facts in enumerate(found):
        said = _phrases(facts)
        by_ask.setdefault(said.asks.get(facts.row["why"], said.others), []).append(number)
    for ask, numbers in by_ask.items():
        for number in numbers:
            facts = found[number]
            assumed = phrases.ASSUMED_NOTE if facts.row["plan_assumed"] else ""
            yield _paragraph(facts.say(assumed), values[number]) if assumed else ""
            yield _paragraph(facts.say(_phrases(facts).happened), values[number])
        yield _paragraph(found[0].say(ask.text), values[numbers[0]])
        commands = [command for number in numbers if (command := _command(found[number], ask))]
        yield "\n".join(f"    {command}" for command in dict.fromkeys(commands))


def _facts(row: Row) -> _Facts:
    language = row["language"] if row["language"] in LANGUAGES else SOURCE
    return _Facts(
        row=row,
        parameters=from_json(row["parameters"]),
        definition=methods.parsed(row["definition_text"]),
        language=language,
        say=catalogue(language).gettext,
    )


def _paragraph(text: str, values: Mapping[str, str]) -> str:
    return fill(text % values, WIDTH, break_long_words=False, break_on_hyphens=False)


def _phrases(facts: _Facts) -> Phrases:
    kind, parameters = facts.row["kind"], facts.parameters
    variant = parameters.get("because") or parameters.get("what")
    state = facts.definition.state_by_id.get(facts.state)
    if kind == "plan.advanced" and state is not None and state.ended:
        variant = "watch" if facts.row["deadline_kind"] == "watch" else "ended"
    return PHRASES[f"{kind}/{variant}" if variant else kind]


def _values(facts: _Facts, installation: Row, rung: Rung | None) -> dict[str, str]:
    row, parameters, say = facts.row, facts.parameters, facts.say
    values = {
        "plan": parameters["plan"],
        "title": one_line(localized(parameters["title"], facts.language)),
        "evaluation": parameters.get("evaluation") or "",
        "actor": one_line(row["actor_name"] or "") or say(phrases.THE_SCHEDULER),
        "name": one_line(row["person_name"]),
        "organisation": one_line(localized(from_json(installation["name"]), facts.language)),
        "id": one_line(row["notification_id"]),
        "zone": row["plan_zone"],
    }
    for name in ("from", "to", "state"):
        if parameters.get(name):
            values[name] = facts.label(parameters[name])
    if parameters.get("purpose"):
        way = _way(facts)
        values["step"] = localized(way.label, facts.language) if way else parameters["purpose"]
    for name in ("version", "method"):
        if parameters.get(name):
            values[name] = str(parameters[name])
    if parameters.get("verdict"):
        values["verdict"] = say(phrases.VERDICTS[parameters["verdict"]])
    return values | _dates(facts, rung)


def _dates(facts: _Facts, rung: Rung | None) -> dict[str, str]:
    row, parameters, say, zone = facts.row, facts.parameters, facts.say, facts.row["plan_zone"]
    values: dict[str, str] = {}
    for name, text in (("due", parameters.get("due")), ("to", parameters.get("to_date"))):
        if text:
            values[f"{name}_day"] = day(date.fromisoformat(text), say)
            values["to_date" if name == "to" else name] = weekday(date.fromisoformat(text), say)
    instants = (
        ("at", row["created_at"]),
        ("due", parameters.get("due_at")),
        ("since", parameters.get("since")),
        ("approved", parameters.get("approved_at")),
        ("by", row["deadline_since"]),
    )
    for name, text in instants:
        if text:
            local = moment(from_text(text), zone, say)
            values |= {name: local.words, f"{name}_day": day(local.date, say)}
    if rung is not None:
        values["next"] = moment(rung.at, zone, say).words
    return values


def _next_rung(facts: _Facts) -> Rung | None:
    if not facts.parameters.get("next_at"):
        return None
    return Rung(facts.parameters["step"], from_text(facts.parameters["next_at"]), facts.parameters["next_to"])


def _subject(facts: _Facts, installation: Row, said: Phrases, values: Mapping[str, str]) -> str:
    say = facts.say
    news = say(said.news_by if said.news_by and _pressing(facts, said, values) else said.news) % values
    subject = say(phrases.SUBJECT) % {**values, "title": shortened(values["title"], LONGEST_TITLE), "news": news}
    if installation["simulated"]:
        return f"{say(phrases.SIMULATION)} {subject}"
    return f"{say(phrases.ASSUMED)} {subject}" if facts.row["plan_assumed"] else subject


def _body(facts: _Facts, installation: Row, said: Phrases, values: Mapping[str, str], rung: Rung | None) -> str:
    say, row = facts.say, facts.row
    ask = said.asks.get(row["why"], said.others)
    words = facts.parameters.get("reason") or facts.parameters.get("watch") or row["extension_reason"]
    command = _command(facts, ask)

    def paragraph(template: str) -> str:
        return _paragraph(say(template), values)

    blocks = [
        paragraph(phrases.SIMULATION_NOTE) if installation["simulated"] else "",
        paragraph(phrases.ASSUMED_NOTE) if row["plan_assumed"] else "",
        paragraph(phrases.GREETING),
        paragraph(said.happened),
        f"{paragraph(said.quote)}\n\n{quoted(words)}" if said.quote and words else "",
        paragraph(ask.text),
        f"    {command}" if command else "",
        paragraph(phrases.BY_WHEN) if _pressing(facts, said, values) else "",
        paragraph(phrases.NEXT_TOLD[rung.to]) if rung else "",
        paragraph(phrases.WHY[row["why"]]),
        f"-- \n{paragraph(phrases.FOOT)}",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _pressing(facts: _Facts, said: Phrases, values: Mapping[str, str]) -> bool:
    """Whether this reader has something to do by a date."""
    return facts.row["why"] in said.asks and "by" in values


def _command(facts: _Facts, ask: Ask) -> str | None:
    plan = facts.parameters["plan"]
    words = _typed(plan, str(facts.parameters.get("evaluation")), ask.command)
    match ask.command:
        case "conclude":
            words = methods.advancing(plan, [way for way in facts.definition.transitions if _concludes(way)])
        case "step":
            words = methods.advancing(plan, methods.onward(facts.definition, facts.state))
        case "purpose":
            words = methods.advancing(plan, [way for way in (_way(facts),) if way])
        case "again":
            words = f"pdca plan approve {plan} --for {facts.parameters['purpose']} --reason …"
        case "since":
            approved = moment(from_text(facts.parameters["approved_at"]), facts.row["plan_zone"], facts.say)
            words = f"pdca plan diff {plan} --from {approved.date}"
        case "why-not":
            words = methods.advancing(plan, ())
    return words


def _typed(plan: str, evaluation: str, command: str | None) -> str | None:
    """Give the commands that need no more than the ids of the plan and its evaluation."""
    match command:
        case "record":
            return f"pdca evaluation record {evaluation}"
        case "approve":
            return f"pdca evaluation extend {evaluation} --approve --reason …"
        case "watch":
            return f"pdca plan watch {plan} --again DATE --found …"
        case "show":
            return f"pdca plan show {plan}"
    return None


def _way(facts: _Facts) -> Transition | None:
    """The step that an approval is for; None when the plan has gone to a version without it since."""
    purpose = facts.parameters["purpose"]
    return next((way for way in facts.definition.transitions if way.trigger == purpose), None)


def _concludes(way: Transition) -> bool:
    return "conclude_evaluation" in way.effects
