"""Placeholder until the progress report is there."""

from datetime import date, datetime
from html import escape
from typing import Any

from pdca.i18n import localized
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import plans


def progress(
    connection: Connection, plan_id: str, *, audience: str, since: date | None, now: datetime
) -> dict[str, Any]:
    """Give the facts."""
    plan = connection.one(plans.PLAN, plan_id=plan_id) or {}
    return {
        "plan": plan_id,
        "title": from_json(plan["title"]),
        "audience": audience,
        "since": since.isoformat() if since else None,
        "state": plan["state"],
        "at": now.isoformat(),
    }


def as_html(view: dict[str, Any], language: str) -> str:
    """Give the page."""
    return f"<!doctype html><html lang='{language}'><h1>{escape(localized(view['title'], language))}</h1></html>"
