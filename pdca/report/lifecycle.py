"""The states that a plan went through, from the log: how long it stood in each, and by what step it went on."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from pdca import methods
from pdca.logged import unreadable
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import log, plans
from workflows.instants import from_text, to_text
from workflows.method import Localized, WorkflowDefinition

View = dict[str, Any]

KINDS: Final = ("plan.created", "plan.updated", "plan.migrated", "plan.advanced")
"""The events that can bring a plan into a state."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a state: `trigger` led into it, None for the first; `until` is None while it lasts."""

    state: str
    since: datetime
    trigger: str | None
    until: datetime | None = None

    def lasted(self, first: datetime | None, end: datetime) -> timedelta:
        """Tell how much of it lies from an instant on (None: from the beginning); what lasts is counted until `end`."""
        since = self.since if first is None else max(self.since, first)
        return max((self.until or end) - since, timedelta())


@dataclass(slots=True)
class Life:
    """The stays of a plan, as its events tell them one after the other."""

    stays: list[Stay] = field(default_factory=list)

    def take(self, body: Mapping[str, Any]) -> None:
        """Take in an event; one that brings the plan into no other state is passed over."""
        for change in body["changes"]:
            if change["table"] != "plan" or "state" not in change["set"]:
                continue
            state, at = change["set"]["state"], from_text(body["at"])
            if self.stays:
                last = self.stays[-1]
                if last.state == state and body["kind"] != "plan.advanced":
                    continue
                self.stays[-1] = Stay(last.state, last.since, last.trigger, at)
            self.stays.append(Stay(state, at, body["trigger"]))

    def ways(self) -> Iterator[tuple[Stay, Stay]]:
        """Yield each stay that ended with the one after it."""
        return zip(self.stays, self.stays[1:], strict=False)


def bodies(rows: Iterator[Row] | Sequence[Row]) -> Iterator[Mapping[str, Any]]:
    """Yield the bodies of events; raises Failed for one that cannot be read."""
    for row in rows:
        try:
            body = json.loads(row["body"])
            body["event"], body["payload"] = row["event_id"], row["payload"]
        except (ValueError, TypeError, RecursionError) as error:
            raise unreadable(row["event_id"]) from error
        yield body


def lifecycle(connection: Connection, plan_id: str, now: datetime) -> View:
    """Tell of a plan every state of its method, and every step that it took, with how often and how long.

    Of a state: `visits`, the `seconds` spent in it, and `since` when it stands in it now; those seconds are counted
    until now. `first` is the state in which it began. Of a step: how often (`count`), the `seconds` that the plan had
    stood in the state before, all together, and when it was `last` taken.
    """
    plan = connection.one(plans.PLAN, plan_id=plan_id) or {}
    definition = methods.of_plan(connection, plan)
    life = Life()
    asked = {"plan_id": plan_id, "kinds": to_json(dict.fromkeys(KINDS))}
    for body in bodies(connection.all(log.CHOSEN[frozenset({"plan", "kinds"})], **asked)):
        life.take(body)
    ended = {state.id for state in definition.states if state.ended}
    return {
        "plan": plan_id,
        "title": from_json(plan["title"]),
        "zone": plan["zone"],
        "method": f"{plan['definition']}@{plan['definition_version']}",
        "first": life.stays[0].state if life.stays else None,
        "until": to_text(now),
        "states": [
            {**_state(life, state, label, now), "ended": state in ended} for state, label in _states(definition, life)
        ],
        "steps": _steps(definition, life),
    }


def _states(definition: WorkflowDefinition, life: Life) -> list[tuple[str, Localized]]:
    """Give the states of the method, and those of an earlier one that the plan once stood in."""
    labels: dict[str, Localized] = {state.id: state.label for state in definition.states}
    return [*labels.items(), *({one.state: {"en": one.state} for one in life.stays if one.state not in labels}).items()]


def _state(life: Life, state: str, label: Localized, now: datetime) -> View:
    stays = [stay for stay in life.stays if stay.state == state]
    present = stays[-1] if stays and stays[-1].until is None else None
    return {
        "state": state,
        "label": dict(label),
        "visits": len(stays),
        "seconds": _seconds(sum((stay.lasted(None, now) for stay in stays), timedelta())),
        "since": to_text(present.since) if present else None,
    }


def _steps(definition: WorkflowDefinition, life: Life) -> list[View]:
    found: dict[tuple[str, str, str | None], View] = {}
    for before, after in life.ways():
        way = definition.routes.get(before.state, {}).get(after.trigger or "")
        one = found.setdefault(
            (before.state, after.state, after.trigger),
            {
                "from": before.state,
                "to": after.state,
                "trigger": after.trigger,
                "label": dict(way.label) if way else None,
                "count": 0,
                "seconds": 0,
                "last": None,
            },
        )
        one["count"] += 1
        one["seconds"] += _seconds(after.since - before.since)
        one["last"] = to_text(after.since)
    return list(found.values())


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
