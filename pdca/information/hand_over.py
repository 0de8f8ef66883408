"""Handing over what was approved: a letter is written, a page published; where it is and its hash is the receipt.

The file comes first and the record after it: who is killed in between has it written again, under the same name.
"""

from datetime import datetime
from pathlib import Path

from pdca.errors import Failed
from pdca.files import PRIVATE_FOLDER, whole_file, write_new
from pdca.fingerprint import is_as_frozen, sha256_of
from pdca.house import installation
from pdca.i18n import N_, _
from pdca.information.finding import page_unknown, report_unknown
from pdca.information.in_folder import LETTERS, SITE, page_name
from pdca.information.receive import Handed, RecordHandedOver
from pdca.notify.outbox import holders
from pdca.plans.roles import local_date
from pdca.report.audiences import knows_people
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information, partners, people, plans
from pdca.words import marked


def hand_over(connection: Connection, report_id: str, folder: Path, now: datetime) -> RecordHandedOver:
    """Write an approved letter, dated `now`, or page, and give the command that records where it is.

    Raises NotFound for no such report, Failed for what cannot be written or is not what was prepared.
    """
    report = connection.one(information.REPORT, report_id=report_id)
    if report is None:
        raise report_unknown(report_id)
    if report["method"] == "letter":
        # Making a PDF takes a library that a page does not need.
        from pdca.pages.pdf import as_pdf

        letter = as_pdf(letter_of(connection, report, now))
        return _written(report, folder / LETTERS, {report["language"]: letter}, "pdf")
    return _written(report, folder / SITE, {name: page.encode() for name, page in pages_of(report).items()}, "html")


def letter_of(connection: Connection, report: Row, now: datetime) -> str:
    """Give the letter of a report, with its page behind it: to the party, and to who represents it at `now`."""
    from pdca.pages.letter import Addressee, Covering, as_letter

    page = pages_of(report)[report["language"]]
    plan = connection.one(plans.PLAN, plan_id=report["plan_id"]) or {}
    party = connection.one(partners.PARTY, party_id=report["party_id"]) or {}
    there = holders(connection, party["party_id"], now) if knows_people(report["audience"]) else []
    named = {row["person_id"]: marked(row["name"], row["assumed"]) for row in connection.all(people.PEOPLE)}
    to = Addressee(from_json(party["name"]), [named[person] for person in there], _address(party))
    day = local_date(now, plan["zone"])
    about = Covering(report["report_id"], sha256_of(page.encode()), day, _address(installation(connection)))
    return as_letter(page, from_json(report["facts"]), to, about, report["language"])


def _address(row: Row) -> dict[str, str] | None:
    details = from_json(row["details"]) or {}
    found: dict[str, str] | None = details.get("address")
    return found


def pages_of(report: Row) -> dict[str, str]:
    """Give the pages of a report by language; raises Failed when one is not what was prepared."""
    if not is_as_frozen(report):
        raise Failed(
            "report-altered",
            N_("%(report)s is not what was prepared any more."),
            filling={"report": report["report_id"]},
            hint=_(
                "`pdca audit verify` says whether it was changed behind the log's back; otherwise somebody whom it "
                "named was erased since."
            ),
        )
    pages: dict[str, str] = from_json(report["contents"])
    return pages


def page_of(connection: Connection, report_id: str, language: str) -> str:
    """Give the page of a report in a language as it was frozen.

    Raises NotFound when it has none in it, Failed when its pages are not those that were prepared.
    """
    report = connection.one(information.REPORT, report_id=report_id)
    if report is None:
        raise report_unknown(report_id)
    pages = pages_of(report)
    if language not in pages:
        raise page_unknown(report_id, language, pages)
    return pages[language]


def _written(report: Row, folder: Path, contents: dict[str, bytes], kind: str) -> RecordHandedOver:
    pages = []
    for language, content in contents.items():
        path = folder / page_name(report, language, kind)
        # What stands on the web is for everybody; a letter is for who it is written to.
        _make(path, content, private=kind != "html")
        pages.append(Handed(language, str(path), sha256_of(content)))
    return RecordHandedOver(report["report_id"], pages)


def _make(path: Path, content: bytes, *, private: bool) -> None:
    try:
        path.parent.mkdir(PRIVATE_FOLDER if private else 0o777, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(
            "folder-not-made",
            N_("The folder “%(folder)s” cannot be made: %(reason)s."),
            filling={"folder": path.parent, "reason": error.strerror or error},
            hint=_("Correct the setting information.folder."),
        ) from error
    with whole_file(path, overwrite=True) as new:
        write_new(new, content, private=private)
