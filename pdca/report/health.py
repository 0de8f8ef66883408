"""What `pdca doctor` looks at in the database, as far as it can be read."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from pdca import checkpoints, methods
from pdca.audit.notes import VerifierKey
from pdca.house import House, installation
from pdca.i18n import N_, _, ngettext
from pdca.keys import KeyFile, key_path
from pdca.report.health_check import OK, PROBLEM, WARNING, Check, Found, guarded
from pdca.report.informed_in_time import informed_in_time
from pdca.report.messages import held_up, held_up_in_words
from pdca.report.readiness import shortcomings
from pdca.report.scheduling import late_in_words, scheduling
from pdca.report.terms import past_term
from pdca.settings import Settings
from pdca.settings_groups import Audit
from pdca.store import eventlog
from pdca.store.driver import Connection
from pdca.store.reads import evaluations, health, heartbeats, log, notifications
from pdca.store.verifying import StoredLog
from workflows.instants import from_text, to_the_minute
from workflows.schedule import ScheduleError, named_zone

LONG_PENDING: Final = timedelta(days=1)
LONG_UNSIGNED: Final = timedelta(days=1)
"""Or twice the time after which the scheduler signs, if that is longer."""
SHOWN: Final = 10

Examine = Callable[[House, Connection, datetime], Found]


def of_database(house: House, settings: Settings, environ: Mapping[str, str]) -> Iterator[Check]:
    """Check the database and what stands in it, as far as it can be read."""
    opened = guarded("database", lambda: _opens(house))
    yield opened
    if opened.status == PROBLEM:
        return
    if house.database.dialect == "sqlite":
        yield _looked_into(house, "file", _sound)
        yield _looked_into(house, "journal", _journal)
    schema = guarded("schema", lambda: _schema(house))
    yield schema
    if schema.status == OK:
        for name, examine in CONTENTS.items():
            yield _looked_into(house, name, lambda connection: examine(house, connection, house.now(connection)))  # noqa: B023 - called at once
        yield _looked_into(
            house, "signing", lambda connection: _signing(connection, house.now(connection), settings.audit, environ)
        )


def _looked_into(house: House, name: str, examine: Callable[[Connection], Found]) -> Check:
    def look() -> Found:
        with house.database.connect_any_schema(writing=False) as connection:
            return examine(connection)

    return guarded(name, look)


def _opens(house: House) -> Found:
    house.database.connect_any_schema(writing=False).close()
    return OK, _("It can be opened: %(place)s.") % {"place": house.database.path or "PostgreSQL"}, None


def _sound(connection: Connection) -> Found:
    found = str(connection.value(health.QUICK_CHECK))
    if found == "ok":
        return OK, _("The file is sound."), None
    hint = _("Put back a backup and run `pdca audit verify`.")
    return PROBLEM, _("The file is damaged: %(what)s.") % {"what": found.splitlines()[0]}, hint


def _journal(connection: Connection) -> Found:
    mode = str(connection.value(health.JOURNAL_MODE))
    words = _("The journal mode is %(mode)s.") % {"mode": mode}
    if mode == "wal":
        return OK, words, None
    hint = _("With wal readers and writers do not hold each other up: sqlite3 FILE 'PRAGMA journal_mode=wal'")
    return WARNING, words, hint


def _schema(house: House) -> Found:
    house.database.connect().close()
    return OK, _("It is of the form that this program reads."), None


def _installation(_house: House, connection: Connection, _now: datetime) -> Found:
    body = installation(connection)
    words = _("It holds an installation of %(when)s.") % {"when": body["created_at"][:10]}
    if body["simulated"]:
        words += " " + _("SIMULATION: nothing in this database is real.")
    return OK, words, None


def _login(house: House, connection: Connection, _now: datetime) -> Found:
    actor = house.actor(connection)
    if actor.person_id is None:
        return (
            WARNING,
            _("Your login %(login)s belongs to no person here: you may only read.") % {"login": actor.login},
            _("An administrator adds it with `pdca person add --name … --login %(login)s`.") % {"login": actor.login},
        )
    return OK, _("You are %(person)s.") % {"person": actor.person_id}, None


def _administrators(_house: House, connection: Connection, _now: datetime) -> Found:
    count = int(connection.value(health.ADMINISTRATORS))
    words = ngettext("%(count)s administrator can act.", "%(count)s administrators can act.", count) % {"count": count}
    return (OK, words, None) if count else (PROBLEM, words, _("Nobody can add people or take in programmes any more."))


def _zones(_house: House, connection: Connection, _now: datetime) -> Found:
    names = [row["zone"] for row in connection.all(health.ZONES)]
    missing = []
    for name in names:
        try:
            named_zone(name)
        except ScheduleError:
            missing.append(name)
    if missing:
        hint = _("Install the package tzdata in the environment of this program.")
        return PROBLEM, _("No data about the time zone %(zones)s.") % {"zones": ", ".join(missing)}, hint
    return OK, _("Time zone data is there: %(zones)s.") % {"zones": ", ".join(names)}, None


def _triggers(_house: House, connection: Connection, _now: datetime) -> Found:
    stored = StoredLog(connection)
    missing = sorted(set(stored.expected_triggers()) - set(stored.triggers()))
    if not missing:
        return OK, _("The triggers that keep the log append-only are there."), None
    words = _("Triggers that keep the log append-only are missing or changed: %(names)s.")
    hint = _("Somebody has worked on the database by hand: `pdca audit verify` says whether the log still fits.")
    return PROBLEM, words % {"names": ", ".join(missing)}, hint


def _scheduler(_house: House, connection: Connection, now: datetime) -> Found:
    if installation(connection)["simulated"]:
        return OK, _("In a simulation time passes by `pdca simulate`."), None
    view = scheduling(connection, now)
    start = _("Start it with `pdca scheduler run`, or look at its log.")
    failed = next((one["error"] for one in view["workers"] if one["error"]), None)
    if failed:
        return WARNING, _("The scheduler met an error: %(error)s.") % {"error": failed}, start
    if view["not_run_since"]:
        words = _("The scheduler has not run since %(at)s UTC.") % {"at": to_the_minute(view["not_run_since"])}
        return PROBLEM if view["due_now"] else WARNING, words, start
    if view["last_sweep"] is None and view["next_due"]:
        words = _("The scheduler has never run here; nothing is enforced.")
        return PROBLEM if view["due_now"] else WARNING, words, start
    if view["late_total"]:
        return WARNING, late_in_words(view), _("`pdca audit log --late` lists what was late, with both instants.")
    return OK, _("The scheduler runs, or nothing is waiting for it."), None


def _set_aside(_house: House, connection: Connection, _now: datetime) -> Found:
    rows = connection.all(evaluations.SET_ASIDE)
    if not rows:
        return _passed_over(connection)
    words = ngettext(
        "%(count)s deadline was set aside after an error:",
        "%(count)s deadlines were set aside after an error:",
        len(rows),
    ) % {"count": len(rows)}
    erased = _("[erased]")
    listed = "; ".join(f"{row['deadline_id']}: {row['error'] or erased}" for row in rows[:SHOWN])
    return PROBLEM, f"{words} {listed}", _("Mend the cause, then take them up again: `pdca scheduler retry`.")


def _passed_over(connection: Connection) -> Found:
    """Look for what was due when the scheduler last swept and is due still: not even its error could be written."""
    swept = connection.value(heartbeats.LAST_SWEEP)
    rows = connection.all(evaluations.DUE, now=swept or "", limit=SHOWN)
    if not rows:
        return OK, _("No deadline is set aside."), None
    words = _("Due at the last sweep and not enforced: %(deadlines)s.")
    hint = _("The log of the scheduler says why; `pdca audit verify` says whether the database was tampered with.")
    return PROBLEM, words % {"deadlines": ", ".join(row["deadline_id"] for row in rows)}, hint


def _messages(_house: House, connection: Connection, now: datetime) -> Found:
    counts = {row["status"]: row["messages"] for row in connection.all(notifications.BY_STATUS)}
    dead, pending = counts.get("dead", 0), counts.get("pending", 0)
    held = [held_up_in_words(one) for one in held_up(connection)]
    if dead:
        words = ngettext("%(count)s message could not be sent.", "%(count)s messages could not be sent.", dead)
        hint = _("`pdca notify list --status dead` says why; `pdca notify retry` sends them again.")
        return WARNING, " ".join([words % {"count": dead}, *held]), hint
    if held:
        hint = _("Mend the cause, and try it out with `pdca notify test`; what waits is then sent by itself.")
        return WARNING, " ".join(held), hint
    oldest = connection.value(health.OLDEST_PENDING)
    if oldest and now - from_text(oldest) > LONG_PENDING:
        words = ngettext("%(count)s message waits to be sent.", "%(count)s messages wait to be sent.", pending)
        hint = _("Some wait for more than a day: run `pdca notify deliver`, or the scheduler.")
        return WARNING, words % {"count": pending}, hint
    return OK, _("No message is stuck."), None


def _sealed(_house: House, connection: Connection, _now: datetime) -> Found:
    counts = connection.one(log.COUNTS) or {"events": 0, "leaves": 0}
    unsealed = counts["events"] - counts["leaves"]
    if not unsealed:
        words = ngettext(
            "%(count)s event, in the tree of the log.",
            "%(count)s events, all in the tree of the log.",
            counts["events"],
        )
        return OK, words % {"count": counts["events"]}, None
    words = ngettext(
        "%(count)s event has no place in the tree of the log yet.",
        "%(count)s events have no place in the tree of the log yet.",
        unsealed,
    )
    hint = _("The scheduler gives it to them; `pdca scheduler seal` does so once.")
    return WARNING, words % {"count": unsealed}, hint


def _signing(connection: Connection, now: datetime, asked: Audit, environ: Mapping[str, str]) -> Found:
    key, last = checkpoints.present_key(connection), checkpoints.latest(connection)
    if key is None:
        words = _("The log has no key, so nothing in it is signed.")
        return WARNING, words, _("An administrator makes one with `pdca audit key change --reason …`.")
    file = KeyFile(key_path(asked.key_file, environ, VerifierKey.parse(key["vkey"]).name))
    here = os.access(file.path, os.R_OK)
    if here:
        file.check_rights()
    where = _("Its key is %(file)s.") if here else _("Its key is not on this machine, or not yours to read: %(file)s.")
    where %= {"file": file.path}
    since = last["at"] if last else key["made_at"]
    after = eventlog.tree_size(connection) - (last["size"] if last else 0)
    long = max(LONG_UNSIGNED, timedelta(minutes=2 * asked.checkpoint_minutes))
    if after and now - from_text(since) > long and not installation(connection)["simulated"]:
        words = ngettext(
            "Nothing was signed since %(at)s UTC, and the log has %(count)s event more.",
            "Nothing was signed since %(at)s UTC, and the log has %(count)s events more.",
            after,
        ) % {"at": to_the_minute(since), "count": after}
        hint = _("The scheduler signs on the machine that has the key; `pdca audit checkpoint` does so at once there.")
        return WARNING, f"{words} {where}", hint
    if last is None:
        return OK, _("The log is not signed yet.") + " " + where, None
    words = ngettext(
        "The log was signed at %(at)s UTC, with %(size)s event.",
        "The log was signed at %(at)s UTC, with %(size)s events.",
        last["size"],
    )
    return OK, words % {"at": to_the_minute(last["at"]), "size": last["size"]} + " " + where, None


def _people(_house: House, connection: Connection, now: datetime) -> Found:
    found = next((one for one in shortcomings(connection, now) if one.code == "nobody-represents"), None)
    if found is None:
        return OK, _("Every function and stakeholder of a plan has somebody who is told."), None
    words = _("Nobody represents: %(parties)s.") % {"parties": ", ".join(found.subjects)}
    return WARNING, words, _("They are not told anything; `pdca person appoint` helps.")


def _leads(_house: House, connection: Connection, now: datetime) -> Found:
    found = next((one for one in shortcomings(connection, now) if one.code == "no-lead"), None)
    if found is None:
        return OK, _("Every plan at work has a project leader."), None
    words = _("Without a project leader: %(plans)s.") % {"plans": ", ".join(found.subjects)}
    return WARNING, words, _("`pdca group lead PLAN PARTY` names one.")


def _methods(_house: House, connection: Connection, _now: datetime) -> Found:
    every = list(methods.every_taken_over(connection))
    changed, gone = (
        ", ".join(f"{one.id}@{one.version}" for one in every if one.file == file) for file in ("other", "none")
    )
    if changed:
        words = _("Their file says something else than what was taken over under the same version: %(methods)s.")
        hint = _("Plans keep what was taken over; give what was changed a higher version.")
        return WARNING, words % {"methods": changed}, hint
    if gone:
        return OK, _("Without a file, as taken over into the database: %(methods)s.") % {"methods": gone}, None
    return OK, _("Every method is as its file says."), None


CONTENTS: Final[dict[str, Examine]] = {
    "installation": _installation,
    "login": _login,
    "administrators": _administrators,
    "zones": _zones,
    "triggers": _triggers,
    "tree": _sealed,
    "scheduler": _scheduler,
    "deadlines": _set_aside,
    "messages": _messages,
    "people": _people,
    "information": lambda _house, connection, now: informed_in_time(connection, now),
    "leads": _leads,
    "terms": lambda _house, connection, now: past_term(connection, now),
    "methods": _methods,
}

NAMES: Final = {
    "settings": N_("settings"),
    "rights": N_("rights"),
    "disk": N_("disk"),
    "notify": N_("way of messages"),
    "letters": N_("letters and pages"),
    "webhook": N_("webhook"),
    "chat": N_("chat service"),
    "database": N_("database"),
    "file": N_("file"),
    "journal": N_("journal"),
    "schema": N_("schema"),
    "installation": N_("installation"),
    "login": N_("login"),
    "administrators": N_("administrators"),
    "zones": N_("time zones"),
    "triggers": N_("triggers"),
    "tree": N_("tree of the log"),
    "scheduler": N_("scheduler"),
    "deadlines": N_("deadlines"),
    "messages": N_("messages"),
    "people": N_("people"),
    "information": N_("information"),
    "leads": N_("project leaders"),
    "terms": N_("retention periods"),
    "methods": N_("methods"),
    "signing": N_("signing of the log"),
    "written": N_("what was written for others"),
}
"""The checks in words."""
