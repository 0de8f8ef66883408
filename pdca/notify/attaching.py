"""A progress report attached to the mail that brings it, so that a repeat is the same mail byte by byte."""

import hashlib
from email.message import EmailMessage
from typing import Final

from pdca.store.driver import Row
from pdca.store.jsontext import from_json

BRINGS_REPORT: Final = "information.report"
"""The kind of message to which a report is attached."""


def attach(message: EmailMessage, row: Row, report: Row) -> str:
    """Attach the page of a report in the language of the reader, otherwise in that of its letter; gives which it is."""
    language = language_for(row["language"], from_json(report["hashes"]), report["language"])
    page = from_json(report["contents"])[language]
    spoken = message["Content-Language"]
    message.add_attachment(
        page.encode(),
        maintype="text",
        subtype="html",
        filename=f"{report['plan_id']}-{report['report_id']}.{language}.html",
        params={"charset": "utf-8"},
    )
    if spoken and message["Content-Language"] is None:
        message["Content-Language"] = spoken
    message.set_boundary(f"=={hashlib.sha256(str(message['Message-ID']).encode()).hexdigest()[:32]}==")
    return language


def language_for(spoken: str, hashes: dict[str, str], otherwise: str) -> str:
    """Choose the language of the page that somebody gets."""
    return spoken if spoken in hashes else otherwise
