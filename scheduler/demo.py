"""`pdca demo`: six years of a police zone, played with the real scheduler in a folder of its own."""

import os
import shutil
from contextlib import closing
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from pdca.audit.verify import verify
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.output import Block, emit_object
from pdca.clock import VirtualClock
from pdca.errors import Conflict, Failed
from pdca.exchange.document import Document, read_document
from pdca.exchange.importer import ImportDocument
from pdca.house import House
from pdca.i18n import N_, _
from pdca.installation import found
from pdca.store.database import locate
from pdca.store.reads import people
from pdca.store.verifying import StoredLog
from scheduler import amend
from scheduler.cast import ProjectGroups
from scheduler.channels.file import FileChannel
from scheduler.simulate import progress_to
from scheduler.simulation import play

FIRST_DAY = datetime(2020, 1, 2, 8, tzinfo=UTC)
LAST_DAY = date(2025, 12, 31)
FOLDER = "demo-out"
DATABASE = "zone-zuid.db"
