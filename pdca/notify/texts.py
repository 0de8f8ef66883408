"""The words of a message, in the language of the person it is for: what happened, what is asked, by when, and why you.

Made when the message is delivered, from the facts that were written down when it happened. gettext keys are English
templates with named fields (`pdca.notify.phrases`, and `pdca.notify.frame` for what is the same in every message).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pdca import methods
from pdca.i18n import LANGUAGES, SOURCE, catalogue, localized
from pdca.notify import frame
from pdca.notify.asking import COMMANDS, Ask, Phrases
from pdca.notify.attaching import language_for
from pdca.notify.dates import Say, day, moment, weekday
from pdca.notify.letter import COMMAND, FOOT, HEADING, NOTE, PARAGRAPH, PRESSING, QUOTE, REMARK, WHY, Part, Text
from pdca.notify.lines import one_line, shortened
from pdca.notify.phrases import PHRASES
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from workflows.escalation import Rung
from workflows.instants import from_text
from workflows.method import Transition, WorkflowDefinition

LONGEST_TITLE: Final = 60
"""Of a title in a subject, so that what and when are still seen."""
NAMED_IN_SUBJECT: Final = 3
"""So many plans are named in the subject of several messages in one."""

OPENED: Final = "evaluation.opened"
REMINDED: Final = "evaluation.reminded"


@dataclass(frozen=True, slots=True)
class _Facts:
    row: Row
    parameters: Mapping[str, Any]
    language: str
    say: Say

    @property
    def definition(self) -> WorkflowDefinition:
        """The method of the plan; what is of a programme says itself all that it needs of its method."""
        return methods.parsed(self.row["definition_text"])

    @property
    def of_plan(self) -> bool:
        """Whether it is about a plan, and not about a programme as a whole."""
        return "plan" in self.parameters

    @property
    def assumed(self) -> bool:
        """Whether what it is about was assumed for an example."""
        return bool(self.row["plan_assumed"] or self.parameters.get("assumed"))

    @property
    def instead(self) -> bool:
        """Whether this person is told only because he or she acts for somebody absent."""
        return bool(self.parameters.get("instead"))

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
    say = facts.say
    ask = said.asks.get(row["why"], said.others)
    parts = [
        _part(NOTE, say(frame.SIMULATION_NOTE), values) if installation["simulated"] else None,
        _assumed(facts, values),
        _part(PARAGRAPH, say(frame.GREETING), values),
        *_happened(facts, said, values),
        _part(PARAGRAPH, say(ask.text), values),
        _command_part(facts, ask),
        *_by_when(facts, said, values, rung),
        _part(WHY, say(_why(facts)), values),
        _part(FOOT, say(frame.FOOT), values),
    ]
    return Text(
        subject=_subject(facts, installation, said, values),
        parts=tuple(part for part in parts if part),
        language=facts.language,
        organisation=values["organisation"],
    )


def write_digest(rows: Sequence[Row], installation: Row) -> Text:
    """Write several messages for one person as one, by what they ask of it; raises KeyError as `write` does."""
    # Where nothing was delivered for long, several reminders are about one evaluation: the last of them says it all.
    last = {row["evaluation_id"] if row["kind"] == REMINDED else row["notification_id"]: row for row in rows}
    if len(last) == 1:
        return write(rows[-1], installation)
    found = [_facts(row) for row in last.values()]
    coming = all(facts.row["kind"] == REMINDED for facts in found)
    if coming:
        found.sort(key=lambda facts: facts.parameters["due_at"])
    said = [_phrases(facts) for facts in found]
    rungs = [_next_rung(facts) if one.escalates else None for facts, one in zip(found, said, strict=True)]
    values = [_values(facts, installation, rung) for facts, rung in zip(found, rungs, strict=True)]
    say, first = found[0].say, values[0]
    foot = {
        **first,
        "ids": ", ".join(one_line(row["notification_id"]) for row in rows),
        "zone": ", ".join(dict.fromkeys(one["zone"] for one in values)),
    }
    members = {facts.row["why"] for facts in found} <= {"lead", "group"}
    why = frame.DIGEST_WHY_INSTEAD if any(facts.instead for facts in found) else frame.DIGEST_WHY
    parts = [
        _part(NOTE, say(frame.SIMULATION_NOTE), first) if installation["simulated"] else None,
        _part(PARAGRAPH, say(frame.GREETING), first),
        _part(PARAGRAPH, say(frame.DIGEST_BEGINS if coming else frame.TOGETHER_BEGINS), first),
        *_asked([_Item(*one) for one in zip(found, said, values, rungs, strict=True)], members=members),
        _part(WHY, say(why if members else frame.TOGETHER_WHY), first),
        _part(FOOT, say(frame.DIGEST_FOOT), foot),
    ]
    news = _coming(found, first) if coming else _together(found, values)
    mark = frame.SIMULATION if installation["simulated"] else frame.ASSUMED
    marked = installation["simulated"] or any(facts.assumed for facts in found)
    return Text(
        subject=f"{say(mark)} {news}" if marked else news,
        parts=tuple(part for part in parts if part),
        language=found[0].language,
        organisation=first["organisation"],
    )


def write_trial(person: Row, installation: Row) -> Text:
    """Write a message that only tries out how somebody is told: `person` has a name and a language."""
    language = person["language"] if person["language"] in LANGUAGES else SOURCE
    say = catalogue(language).gettext
    organisation = one_line(localized(from_json(installation["name"]), language))
    values = {"name": one_line(person["person_name"]), "organisation": organisation}
    texts = [(PARAGRAPH, frame.GREETING), (PARAGRAPH, frame.TRIAL_BODY)]
    if installation["simulated"]:
        texts.insert(0, (NOTE, frame.SIMULATION_NOTE))
    mark = f"{say(frame.SIMULATION)} " if installation["simulated"] else ""
    return Text(
        subject=mark + say(frame.TRIAL) % values,
        parts=tuple(_part(kind, say(text), values) for kind, text in texts),
        language=language,
        organisation=organisation,
    )


@dataclass(frozen=True, slots=True)
class _Item:
    """One of several messages that go out as one."""

    facts: _Facts
    said: Phrases
    values: Mapping[str, str]
    rung: Rung | None

    @property
    def ask(self) -> Ask:
        return self.said.asks.get(self.facts.row["why"], self.said.others)


def _coming(found: Sequence[_Facts], first: Mapping[str, str]) -> str:
    return found[0].say(frame.DIGEST) % {"count": len(found), "day": first["due_day"]}


def _together(found: Sequence[_Facts], values: Sequence[Mapping[str, str]]) -> str:
    """Say how many things are told, about which plans, and up to what day."""
    about = list(dict.fromkeys(one["plan"] or one["programme"] for one in values))
    named = ", ".join(about[:NAMED_IN_SUBJECT]) + (" …" if len(about) > NAMED_IN_SUBJECT else "")
    newest = max(range(len(found)), key=lambda number: found[number].row["created_at"])
    kinds = {facts.row["kind"] for facts in found}
    late = all(kind.endswith("overdue") for kind in kinds)
    told = frame.TOGETHER_LATE if late else frame.TOGETHER_OPENED if kinds == {OPENED} else frame.TOGETHER
    return found[0].say(told) % {
        "count": len(found),
        "about": named,
        "day": values[newest]["at_day"],
    }


def _asked(items: Sequence[_Item], *, members: bool) -> Iterator[Part | None]:
    """Say what happened, and once for all that ask the same of the reader what that is.

    Whoever is told as more than a member of the groups (`members`) reads at each why.
    """
    by_ask: dict[tuple[Ask, str], list[_Item]] = {}
    for item in items:
        # What is asked may name a date or a step, and then differs.
        by_ask.setdefault((item.ask, item.facts.say(item.ask.text) % item.values), []).append(item)
    for (ask, words), alike in by_ask.items():
        for item in alike:
            yield Part(HEADING, _heading(item))
            yield _assumed(item.facts, item.values)
            yield from _happened(item.facts, item.said, item.values)
            yield from _by_when(item.facts, item.said, item.values, item.rung)
            if not members:
                yield _part(REMARK, item.facts.say(_why(item.facts)), item.values)
        yield Part(PARAGRAPH, words)
        commands = dict.fromkeys(command for item in alike if (command := _command(item.facts, ask)))
        yield Part(COMMAND, "\n".join(commands))


def _heading(item: _Item) -> str:
    of_what = frame.SUBJECT if item.facts.of_plan else frame.SUBJECT_OF_PROGRAMME
    news = item.facts.say(item.said.news) % item.values
    return item.facts.say(of_what) % {**item.values, "news": news}


def _part(kind: str, text: str, values: Mapping[str, str]) -> Part:
    return Part(kind, text % values)


def _assumed(facts: _Facts, values: Mapping[str, str]) -> Part | None:
    if not facts.assumed:
        return None
    return _part(NOTE, facts.say(frame.ASSUMED_NOTE if facts.of_plan else frame.ASSUMED_PROGRAMME_NOTE), values)


def _happened(facts: _Facts, said: Phrases, values: Mapping[str, str]) -> Iterator[Part]:
    """Say what happened, in whose words, and what comes after."""
    yield _part(PARAGRAPH, facts.say(said.happened), values)
    said_by_user = (facts.parameters.get(name) for name in ("reason", "watch", "text"))
    words = next(filter(None, said_by_user), facts.row["extension_reason"])
    if said.quote and words:
        yield _part(PARAGRAPH, facts.say(said.quote), values)
        yield Part(QUOTE, words)
    days = facts.parameters.get("days", ())
    if len(days) > 1:
        named = {"count": len(days), "days": ", ".join(day(date.fromisoformat(one), facts.say) for one in days)}
        yield Part(PARAGRAPH, facts.say(frame.FIRST_DAYS if facts.parameters["more"] else frame.DAYS) % named)
    if "following" in facts.parameters:
        following = frame.FOLLOWING if facts.parameters["following"] else frame.NONE_FOLLOWING
        yield _part(PARAGRAPH, facts.say(following), values)


def _by_when(facts: _Facts, said: Phrases, values: Mapping[str, str], rung: Rung | None) -> Iterator[Part]:
    if _pressing(facts, said, values):
        yield _part(PRESSING, facts.say(frame.BY_WHEN), values)
    if rung is not None:
        yield _part(PARAGRAPH, facts.say(frame.NEXT_TOLD[rung.to]), values)


def _command_part(facts: _Facts, ask: Ask) -> Part | None:
    command = _command(facts, ask)
    return Part(COMMAND, command) if command else None


def _facts(row: Row) -> _Facts:
    language = row["language"] if row["language"] in LANGUAGES else SOURCE
    return _Facts(
        row=row,
        parameters=from_json(row["parameters"]),
        language=language,
        say=catalogue(language).gettext,
    )


def _phrases(facts: _Facts) -> Phrases:
    kind, parameters = facts.row["kind"], facts.parameters
    variant = parameters.get("because") or parameters.get("what")
    if kind == "plan.advanced":
        state = facts.definition.state_by_id.get(facts.state)
        if state is not None and state.ended:
            variant = "watch" if facts.row["deadline_kind"] == "watch" else "ended"
    return PHRASES[f"{kind}/{variant}" if variant else kind]


def _values(facts: _Facts, installation: Row, rung: Rung | None) -> dict[str, str]:
    row, parameters, say = facts.row, facts.parameters, facts.say
    values = {
        "plan": parameters.get("plan") or "",
        "programme": parameters.get("programme") or "",
        "follow_up": parameters.get("follow_up") or "",
        "deadline": parameters.get("deadline") or "",
        "report": parameters.get("report") or "",
        "title": one_line(localized(parameters["title"], facts.language)),
        "evaluation": parameters.get("evaluation") or "",
        "actor": one_line(row["actor_name"] or "") or say(frame.THE_SCHEDULER),
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
    if parameters.get("party"):
        values["party"] = one_line(localized(parameters["party"], facts.language))
    if hashes := parameters.get("hashes"):
        values["sha256"] = hashes[language_for(facts.language, hashes, parameters["language"])]
    for name in ("version", "method"):
        if parameters.get(name):
            values[name] = str(parameters[name])
    if parameters.get("verdict"):
        values["verdict"] = say(frame.VERDICTS[parameters["verdict"]])
    return values | _dates(facts, rung)


def _dates(facts: _Facts, rung: Rung | None) -> dict[str, str]:
    row, parameters, say, zone = facts.row, facts.parameters, facts.say, facts.row["plan_zone"]
    values: dict[str, str] = {}
    for name, key in (("due", "due"), ("to", "to_date"), ("before", "before")):
        if text := parameters.get(key):
            values[f"{name}_day"] = day(date.fromisoformat(text), say)
            values["to_date" if name == "to" else name] = weekday(date.fromisoformat(text), say)
    instants = (
        ("at", row["created_at"]),
        ("due", parameters.get("due_at")),
        ("since", parameters.get("since")),
        ("approved", parameters.get("approved_at")),
        ("opened", parameters.get("opened_at")),
        ("by", row["deadline_since"]),
    )
    for name, text in instants:
        if text:
            local = moment(from_text(text), zone, say)
            values |= {name: local.words, f"{name}_day": day(local.date, say)}
    if parameters.get("following"):
        values["following"] = weekday(date.fromisoformat(parameters["following"]), say)
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
    of_what = frame.SUBJECT if facts.of_plan else frame.SUBJECT_OF_PROGRAMME
    subject = say(of_what) % {**values, "title": shortened(values["title"], LONGEST_TITLE), "news": news}
    if installation["simulated"]:
        return f"{say(frame.SIMULATION)} {subject}"
    return f"{say(frame.ASSUMED)} {subject}" if facts.assumed else subject


def _why(facts: _Facts) -> str:
    return frame.WHY_INSTEAD if facts.instead else frame.WHY[facts.row["why"]]


def _pressing(facts: _Facts, said: Phrases, values: Mapping[str, str]) -> bool:
    """Whether this reader has something to do by a date."""
    return facts.row["why"] in said.asks and "by" in values


def _command(facts: _Facts, ask: Ask) -> str | None:
    if ask.command is not None and ask.command in COMMANDS:
        return COMMANDS[ask.command](facts.parameters)
    plan = facts.parameters.get("plan", "")
    words: str | None = None
    match ask.command:
        case "conclude":
            words = methods.advancing(plan, [way for way in facts.definition.transitions if _concludes(way)])
        case "step":
            words = methods.advancing(plan, methods.onward(facts.definition, facts.state))
        case "purpose":
            words = methods.advancing(plan, [way for way in (_way(facts),) if way])
        case "since":
            approved = moment(from_text(facts.parameters["approved_at"]), facts.row["plan_zone"], facts.say)
            words = f"pdca plan diff {plan} --from {approved.date}"
        case "why-not":
            words = methods.advancing(plan, ())
    return words


def _way(facts: _Facts) -> Transition | None:
    """The step that an approval is for; None when the plan has gone to a version without it since."""
    purpose = facts.parameters["purpose"]
    return next((way for way in facts.definition.transitions if way.trigger == purpose), None)


def _concludes(way: Transition) -> bool:
    return "conclude_evaluation" in way.effects
