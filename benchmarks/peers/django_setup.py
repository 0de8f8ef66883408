"""Django for the two peers that need it: one SQLite file, as durable as ours."""

from typing import Any

import django
from django.conf import settings


def set_up(file: str, apps: list[str]) -> None:
    """Configure Django with these applications."""
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *apps],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": file,
                "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def make_tables(*models: Any) -> None:
    """Make the tables of applications that are installed, and of these models."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
