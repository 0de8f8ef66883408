"""Handing over what was approved: a letter is written, a page published; where it is and its hash is the receipt.

The file comes first and the record after it: who is killed in between has it written again, under the same name.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pdca.errors import Failed
from pdca.files import PRIVATE_FOLDER, whole_file, write_new
from pdca.i18n import _
from pdca.information.finding import report_unknown
from pdca.information.freezing import is_as_frozen, sha256_of
from pdca.information.receive import RecordHandedOver
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information

LETTERS: Final = "letters"
SITE: Final = "site"


def hand_over(connection: Connection, report_id: str, folder: Path) -> RecordHandedOver:
    """Write an approved letter or page, and give the command that records where it is.

    Raises NotFound for no such report, Failed for what cannot be written or is not what was prepared.
    """
    report = connection.one(information.REPORT, report_id=report_id)
    if report is None:
        raise report_unknown(report_id)
    if report["method"] == "letter":
        # Making a PDF takes a library that a page does not need.
        from pdca.pages.pdf import as_pdf

        language = report["language"]
        return _written(report, folder / LETTERS, {language: as_pdf(pages_of(report)[language])}, "pdf")
    return _written(report, folder / SITE, {name: page.encode() for name, page in pages_of(report).items()}, "html")


def pages_of(report: Row) -> dict[str, str]:
    """Give the pages of a report by language; raises Failed when one is not what was prepared."""
    if not is_as_frozen(report):
        raise Failed(
            "report-altered",
            _("%(report)s is not what was prepared any more.") % {"report": report["report_id"]},
            hint=_("`pdca audit verify` says what was changed behind the log's back."),
        )
    pages: dict[str, str] = from_json(report["contents"])
    return pages


def page_name(report: Mapping[str, Any], language: str, kind: str = "html") -> str:
    """Give the name of the file of a report; the site has the pages that were published under the same."""
    return f"{report['plan_id']}-{report['report_id']}.{language}.{kind}"


def files_of(report: Mapping[str, Any], folder: Path) -> list[Path]:
    """Name the files that a letter or page is written to, whether they are there or not."""
    if report["method"] == "letter":
        return [folder / LETTERS / page_name(report, report["language"], "pdf")]
    return [folder / SITE / page_name(report, language) for language in from_json(report["hashes"])]


def _written(report: Row, folder: Path, contents: dict[str, bytes], kind: str) -> RecordHandedOver:
    paths = []
    for language, content in contents.items():
        path = folder / page_name(report, language, kind)
        # What stands on the web is for everybody; a letter is for who it is written to.
        _make(path, content, private=kind != "html")
        paths.append(str(path))
    return RecordHandedOver(report["report_id"], ", ".join(paths), sha256_of(contents[report["language"]]))


def _make(path: Path, content: bytes, *, private: bool) -> None:
    try:
        path.parent.mkdir(PRIVATE_FOLDER if private else 0o777, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(
            "folder-not-made",
            _("The folder “%(folder)s” cannot be made: %(reason)s.")
            % {"folder": path.parent, "reason": error.strerror or error},
            hint=_("Correct the setting information.folder."),
        ) from error
    with whole_file(path, overwrite=True) as new:
        write_new(new, content, private=private)
