"""The letters and pages that lie in the folder of the scheduler, and those of them that may be shown no more."""

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information

LETTERS: Final = "letters"
SITE: Final = "site"


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
    """A report whose files lie in the folder and may not, and by which rules."""

    report_id: str
    files: tuple[Path, ...]
    codes: tuple[str, ...]


def to_withdraw(connection: Connection, folder: Path, seen: MutableMapping[str, int]) -> Iterator[ToWithdraw]:
    """Yield what is to be taken out of the folder; of a plan that is as it was `seen`, nothing is looked at.

    `seen` has the version of each plan; one of which nothing is found is noted there.
    """
    rows = [row for row in connection.all(information.WRITTEN) if seen.get(row["plan_id"]) != row["plan_version"]]
    seen.update({row["plan_id"]: row["plan_version"] for row in rows})
    for row in rows:
        files = tuple(path for path in files_of(row, folder) if path.is_file())
        codes = _may_not_lie(connection, row["report_id"]) if files else ()
        if codes:
            # Until the files are gone they are looked at every time.
            seen.pop(row["plan_id"], None)
            yield ToWithdraw(row["report_id"], files, codes)


def _may_not_lie(connection: Connection, report_id: str) -> tuple[str, ...]:
    # What decides about informing is much to load, and mostly nothing lies there.
    from pdca.report.kept_back import is_altered, kept_back

    report: Row = connection.one(information.REPORT, report_id=report_id) or {}
    # A letter that was posted is the copy of what is out; only a name that was erased has to go from it too.
    posted = report["method"] == "letter" and report["status"] == "informed"
    return tuple(need.code for need in (is_altered(report) if posted else kept_back(connection, report)))
