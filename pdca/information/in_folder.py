"""The letters and pages that lie in the folder of the scheduler, and those of them that may be shown no more."""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pdca.errors import PdcaError
from pdca.files import clear
from pdca.report.site_mark import erased_by_now
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information, people
from pdca.whole_folder import finish

LETTERS: Final = "letters"
SITE: Final = "site"

Seen = MutableMapping[str, tuple[int, int]]
"""The version of each plan, and how many values were erased, when nothing was found of it."""


def page_name(report: Mapping[str, Any], language: str, kind: str = "html") -> str:
    """Give the name of the file of a report; the site has the pages that were published under the same."""
    return f"{report['plan_id']}-{report['report_id']}.{language}.{kind}"


def files_of(report: Mapping[str, Any], folder: Path) -> list[Path]:
    """Name the files that a letter or page is written to, whether they are there or not."""
    if report["method"] == "letter":
        return [folder / LETTERS / page_name(report, report["language"], "pdf")]
    return [folder / SITE / page_name(report, language) for language in from_json(report["hashes"])]


@dataclass(frozen=True, slots=True)
class ToWithdraw:
    """A report whose files lie in the folder and may not, and by which rules; or why that cannot be told (`unsure`)."""

    report_id: str
    files: tuple[Path, ...]
    codes: tuple[str, ...]
    unsure: Exception | None = None


def to_withdraw(connection: Connection, folder: Path, seen: Seen) -> Iterator[ToWithdraw]:
    """Yield what is to be taken out of the folder; of a plan that is as it was `seen`, nothing is looked at.

    A plan of which nothing is found is noted there.
    """
    erased = erased_by_now(connection)
    states = [(row, (row["plan_version"], erased)) for row in connection.all(information.WRITTEN)]
    changed = [(row, state) for row, state in states if seen.get(row["plan_id"]) != state]
    seen.update({row["plan_id"]: state for row, state in changed})
    for row, _state in changed:
        files = tuple(path for path in files_of(row, folder) if path.is_file())
        codes, unsure = _looked_at(connection, row["report_id"]) if files else ((), None)
        if codes or unsure:
            # Until the files are gone they are looked at every time.
            seen.pop(row["plan_id"], None)
            yield ToWithdraw(row["report_id"], files, codes, unsure)


def tidy(folder: Path) -> None:
    """Take away what somebody left who was killed over a letter or a page; put the site in place that was not."""
    # What cannot be read or taken away now is tried again the next time.
    with suppress(OSError):
        finish(folder / SITE)
        clear(folder / LETTERS)
        clear(folder / SITE)


def published_in(connection: Connection, folder: Path) -> dict[str, bytes]:
    """Give the pages that are published in the folder and may be shown, by their names, to the letter."""
    found = {}
    for row in connection.all(information.WRITTEN):
        there = [path for path in files_of(row, folder) if path.is_file()] if row["method"] == "web" else []
        for path in there if there and _looked_at(connection, row["report_id"]) == ((), None) else ():
            # Somebody else may take it away just now.
            with suppress(FileNotFoundError):
                found[path.name] = path.read_bytes()
    return found


def _looked_at(connection: Connection, report_id: str) -> tuple[tuple[str, ...], Exception | None]:
    """Give why a report may not lie there, and what kept that from being told: then it may not either."""
    try:
        return _may_not_lie(connection, report_id), None
    except PdcaError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one report, the others are looked at
        return (), error


def _may_not_lie(connection: Connection, report_id: str) -> tuple[str, ...]:
    # What decides about informing is much to load, and mostly nothing lies there.
    from pdca.report.kept_back import is_altered, kept_back

    report: Row = connection.one(information.REPORT, report_id=report_id) or {}
    # A letter that was posted is the copy of what is out; only a name that was erased has to go from it too.
    letter = report["method"] == "letter"
    posted = letter and report["status"] == "informed"
    needs = is_altered(report) if posted else kept_back(connection, report)
    named = ("addressee-erased",) if letter and _names_erased(connection, report) else ()
    return (*(need.code for need in needs), *named)


def _names_erased(connection: Connection, report: Row) -> bool:
    # To whom a letter is written stands in its file alone; until it is recorded, that was made at any time since the
    # approval.
    since = report["sent_at"] or report["approved_at"] or report["prepared_at"]
    return connection.one(people.HELD_BY_ERASED, party_id=report["party_id"], since=since) is not None
