"""What a report says, frozen when it is prepared: its facts, a page in each language, and their hashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pdca.audit.canonical import nfc
from pdca.fingerprint import sha256_of
from pdca.i18n import LANGUAGES
from pdca.notify.outbox import holders
from pdca.pages.progress import as_html
from pdca.plans.roles import local_date
from pdca.report.progress import progress
from pdca.schedules.manner import audience_of
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import people
from workflows.instants import from_text


@dataclass(frozen=True, slots=True)
class Frozen:
    """A report that does not change any more: the JSON of its facts, and language -> page, language -> SHA-256."""

    facts: str
    contents: Mapping[str, str]
    language: str

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256, in hex, of each page as it is sent."""
        return {language: sha256_of(page.encode()) for language, page in self.contents.items()}

    def columns(self) -> dict[str, str]:
        """Give it as columns of a report."""
        return {
            "facts": self.facts,
            "contents": to_json(dict(self.contents)),
            "hashes": to_json(self.hashes),
            "language": self.language,
        }


def freeze(connection: Connection, plan: Row, party: Row, decision: Row, since: str | None, now: datetime) -> Frozen:
    """Make the report of a plan for a party, of the progress made since an instant, as it stands at `now`."""
    audience = audience_of(party, decision["method"])
    day = local_date(from_text(since), plan["zone"]) if since else None
    facts = progress(
        connection,
        plan["plan_id"],
        audience=audience,
        since=day,
        now=now,
        although_restricted=bool(decision["although_restricted"]),
    )
    languages = languages_of(connection, plan, party, now)
    pages = {language: nfc(as_html(facts, language)) for language in languages}
    return Frozen(to_json(nfc(facts)), pages, languages[0])


def languages_of(connection: Connection, plan: Row, party: Row, now: datetime) -> list[str]:
    """Name the languages of a report, the one of its letter first.

    They are those of who represents the party, that of the body, and those in which the plan and the party are named.
    """
    spoken = {row["person_id"]: row["language"] for row in connection.all(people.PEOPLE)}
    body = connection.one(people.INSTALLATION) or {}
    asked = [
        *(spoken[person] for person in holders(connection, party["party_id"], now)),
        body["language"],
        *(from_json(party["name"]) or {}),
        *(from_json(plan["title"]) or {}),
    ]
    return list(dict.fromkeys(language for language in asked if language in LANGUAGES))
