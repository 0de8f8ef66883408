"""What the program is told before it starts: where the database is, which language, how mail leaves the house.

A value comes from the first of: a flag, a `PDCA_*` variable, `./pdca.toml`, the user's file, `/etc/pdca/config.toml`,
the default. Each remembers its origin. A key that nobody knows is refused, for a mistyped key is a setting that
silently does not hold. A secret is never a value: the setting names the file that holds it.
"""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from pdca.errors import Failed, Place, Usage
from pdca.i18n import LANGUAGES, _, from_environment
from pdca.settings_file import Entry, nearest, read_entries

SYSTEM_FILE: Final = Path("/etc/pdca/config.toml")
PORTS: Final = {"none": 25, "starttls": 587, "tls": 465}
OTHER_VARIABLES: Final = frozenset({"PDCA_NOW", "PDCA_DEBUG", "PDCA_VENV", "PDCA_REQUIRE_POSTGRES"})
LARGEST_SECRET: Final = 64 * 1024
"""Characters; a file of addresses of chat services is one, too."""
_DATABASES: Final = ("sqlite", "postgresql")


class Setting(NamedTuple):
    """A setting there is: its dotted name, the kind of value ("text", "number", "path"), and what it may be."""

    name: str
    kind: str = "text"
    default: str | int | None = None
    choices: tuple[str, ...] = ()
    lowest: int = 1
    highest: int = 65_535

    @property
    def variable(self) -> str:
        """The environment variable of this setting."""
        return "PDCA_" + self.name.upper().replace(".", "_")


KNOWN: Final = {
    setting.name: setting
    for setting in (
        Setting("database", default="sqlite:///pdca.db"),
        Setting("lang", default="en", choices=LANGUAGES),
        Setting("smtp.host"),
        Setting("smtp.port", kind="number"),
        Setting("smtp.security", default="starttls", choices=tuple(PORTS)),
        Setting("smtp.user"),
        Setting("smtp.password_file", kind="path"),
        Setting("smtp.from"),
        Setting("notify.channel", default="file", choices=("file", "smtp")),
        Setting("notify.folder", kind="path", default="outbox"),
        Setting("webhook.url"),
        Setting("webhook.secret_file", kind="path"),
        Setting("webhook.security", default="tls", choices=("tls", "none")),
        Setting("webhook.addresses", default="public", choices=("public", "any")),
        Setting("chat.urls_file", kind="path"),
        Setting("chat.services"),
        Setting("scheduler.interval_seconds", kind="number", default=60, highest=86_400),
        Setting("scheduler.metrics_file", kind="path"),
        Setting("audit.key_file", kind="path"),
        Setting("audit.checkpoint_minutes", kind="number", default=60, highest=10_080),
        Setting("audit.checkpoint_folder", kind="path"),
        Setting("audit.witness_folder", kind="path"),
        Setting("audit.timestamp_url"),
        Setting("audit.timestamp_addresses", default="public", choices=("public", "any")),
        Setting("log.format", default="auto", choices=("auto", "console", "json")),
        Setting("information.folder", kind="path", default="information"),
        Setting("workflow.folder", kind="path"),
    )
}


class Value(NamedTuple):
    """A value that holds; `origin` is flag, environment, file or default, `where` the flag, variable or file:line."""

    name: str
    value: str | int | None
    origin: str
    where: str | None = None


class Smtp(NamedTuple):
    """How mail leaves the house; without a host there is no mail."""

    host: str | None
    port: int
    security: str
    user: str | None
    password_file: Path | None
    sender: str | None

    def password(self) -> str | None:
        """Read the password from its file, without the line end; None when no file is named."""
        return None if self.password_file is None else read_secret(self.password_file)


class Audit(NamedTuple):
    """How the log is signed: where its key is, how often at most, and the folder that checkpoints are written to.

    `witness_folder` is where the witness is that cosigns the logs of others. `timestamp_url` is the address of an
    authority that stamps checkpoints; `timestamp_addresses` is public, or any for one inside the house's own walls.
    """

    key_file: Path | None
    checkpoint_minutes: int
    checkpoint_folder: Path | None
    witness_folder: Path | None = None
    timestamp_url: str | None = None
    timestamp_addresses: str = "public"


class Webhook(NamedTuple):
    """To which address messages are posted; `addresses` is public, or any for one inside the house's own walls."""

    url: str | None
    secret_file: Path | None
    security: str
    addresses: str


class Chat(NamedTuple):
    """Where the addresses of chat services stand, each of which is a secret, and which services may be used."""

    urls_file: Path | None
    services: tuple[str, ...]


class Settings(NamedTuple):
    """All settings, each of its type; `values` are the same with their origins, in the order of `KNOWN`."""

    database: str
    lang: str
    smtp: Smtp
    notify_channel: str
    notify_folder: Path
    webhook: Webhook
    chat: Chat
    scheduler_interval_seconds: int
    scheduler_metrics_file: Path | None
    audit: Audit
    log_format: str
    information_folder: Path
    workflow_folder: Path | None
    values: tuple[Value, ...]


def load(
    flags: Mapping[str, str], environ: Mapping[str, str], *, folder: Path | None = None, system_file: Path = SYSTEM_FILE
) -> Settings:
    """Gather the settings: `flags` are {setting: text} of the command line, `folder` is where `pdca.toml` is sought.

    Raises `Usage` for a key, variable or value that is not understood, `Failed` for a file that cannot be read.
    """
    here = folder or Path()
    layers = [
        {name: _checked(KNOWN[name], text, _flag(name), "flag") for name, text in flags.items()},
        _variables(environ),
        *(_file(path) for path in (here / "pdca.toml", user_file(environ), system_file) if path),
    ]
    asked = from_environment(environ)
    if asked:
        layers.append({"lang": Value("lang", asked[0], "environment", asked[1])})
    return _typed({name: _first(layers, setting) for name, setting in KNOWN.items()})


def user_file(environ: Mapping[str, str]) -> Path | None:
    """Give the user's own file, whether it exists or not; None for a user without a home."""
    folder = environ.get("XDG_CONFIG_HOME") or (environ.get("HOME") and environ["HOME"] + "/.config")
    return Path(folder, "pdca", "config.toml") if folder else None


def read_secret(path: Path) -> str:
    """Read a secret from its file, without the line end.

    `Failed` when it cannot be read, is empty, or can be read by everybody or changed by others.
    """
    try:
        with path.open(encoding="utf-8") as file:
            _refuse_open(path, os.fstat(file.fileno()).st_mode)
            secret = file.read(LARGEST_SECRET).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or _("it is not text in UTF-8")
        raise Failed(
            "secret-unreadable",
            _("The secret cannot be read: %(reason)s.") % {"reason": reason},
            hint=_("Let the file exist and be readable for the user who runs pdca, and for nobody else."),
            place=Place(file=str(path)),
        ) from error
    if not secret:
        raise Failed(
            "secret-empty",
            _("The file of the secret is empty."),
            hint=_("Write the secret on its first line."),
            place=Place(file=str(path)),
        )
    return secret


def _refuse_open(path: Path, mode: int) -> None:
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise Failed(
            "secret-open",
            _("The file of the secret can be read by everybody on this machine, or changed by others."),
            hint=_("Take that right away: chmod 600 %(file)s") % {"file": path},
            place=Place(file=str(path)),
        )


def _first(layers: list[dict[str, Value]], setting: Setting) -> Value:
    for layer in layers:
        if setting.name in layer:
            return layer[setting.name]
    return Value(setting.name, setting.default, "default")


def _typed(values: dict[str, Value]) -> Settings:
    security = str(values["smtp.security"].value)
    if values["smtp.port"].value is None:
        values["smtp.port"] = Value("smtp.port", PORTS[security], "default")
    smtp = Smtp(
        host=_text(values["smtp.host"]),
        port=_number(values["smtp.port"]),
        security=security,
        user=_text(values["smtp.user"]),
        password_file=_path(values["smtp.password_file"]),
        sender=_text(values["smtp.from"]),
    )
    return Settings(
        database=str(values["database"].value),
        lang=str(values["lang"].value),
        smtp=smtp,
        notify_channel=str(values["notify.channel"].value),
        notify_folder=Path(str(values["notify.folder"].value)),
        webhook=Webhook(
            url=_text(values["webhook.url"]),
            secret_file=_path(values["webhook.secret_file"]),
            security=str(values["webhook.security"].value),
            addresses=str(values["webhook.addresses"].value),
        ),
        chat=Chat(
            urls_file=_path(values["chat.urls_file"]),
            services=tuple((_text(values["chat.services"]) or "").replace(",", " ").casefold().split()),
        ),
        scheduler_interval_seconds=_number(values["scheduler.interval_seconds"]),
        scheduler_metrics_file=_path(values["scheduler.metrics_file"]),
        audit=Audit(
            key_file=_path(values["audit.key_file"]),
            checkpoint_minutes=_number(values["audit.checkpoint_minutes"]),
            checkpoint_folder=_path(values["audit.checkpoint_folder"]),
            witness_folder=_path(values["audit.witness_folder"]),
            timestamp_url=_text(values["audit.timestamp_url"]),
            timestamp_addresses=str(values["audit.timestamp_addresses"].value),
        ),
        log_format=str(values["log.format"].value),
        information_folder=Path(str(values["information.folder"].value)),
        workflow_folder=_path(values["workflow.folder"]),
        values=tuple(values.values()),
    )


def _text(value: Value) -> str | None:
    return None if value.value is None else str(value.value)


def _path(value: Value) -> Path | None:
    return None if value.value is None else Path(str(value.value))


def _number(value: Value) -> int:
    return int(value.value or 0)


def _flag(name: str) -> Place:
    return Place(field="--" + name)


def _variables(environ: Mapping[str, str]) -> dict[str, Value]:
    found = {
        setting.name: _checked(setting, environ[setting.variable], Place(field=setting.variable), "environment")
        for setting in KNOWN.values()
        if environ.get(setting.variable)
    }
    names = [setting.variable for setting in KNOWN.values()]
    for variable in environ:
        if variable.startswith("PDCA_") and variable not in names and variable not in OTHER_VARIABLES:
            meant = nearest(variable, names, likeness=0.85)
            # Other programs may own PDCA_ names too; only one that is nearly ours is taken for a slip of the pen.
            if meant:
                raise _unknown(variable, meant, Place(field=variable))
    return found


def _file(path: Path) -> dict[str, Value]:
    sections = {name.rpartition(".")[0] for name in KNOWN} - {""}
    found: dict[str, Value] = {}
    for entry in read_entries(path, sections):
        place = Place(file=str(path), line=entry.line, field=entry.key)
        setting = KNOWN.get(entry.key)
        if setting is None:
            meant = nearest(entry.key, [*sections, *KNOWN] if isinstance(entry.value, dict) else list(KNOWN))
            raise _unknown(entry.key, meant, place)
        found[entry.key] = _from_toml(setting, entry, place, path.parent)
    return found


def _unknown(name: str, meant: str | None, place: Place) -> Usage:
    hint = _("Did you mean “%(name)s”?") % {"name": meant} if meant else _("`pdca config show` lists all settings.")
    return Usage("setting-unknown", _("There is no setting “%(name)s”.") % {"name": name}, hint=hint, place=place)


def _from_toml(setting: Setting, entry: Entry, place: Place, folder: Path) -> Value:
    number = setting.kind == "number"
    if type(entry.value) is not (int if number else str):
        raise _wrong(setting, _("a whole number") if number else _("a text between quotes"), place)
    value = _checked(setting, str(entry.value), place, "file")
    # A path in a file is meant from where that file stands, not from where the program was started.
    if setting.kind == "path" and value.value:
        return Value(value.name, str(folder / _at_home(str(value.value))), value.origin, value.where)
    return value


def _at_home(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        # Who has no home means what he wrote.
        return Path(path)


def _checked(setting: Setting, text: str, place: Place, origin: str) -> Value:
    where = str(Place(file=place.file, line=place.line)) or place.field
    if setting.kind == "number":
        number = int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None
        if number is None or not setting.lowest <= number <= setting.highest:
            span = {"lowest": setting.lowest, "highest": setting.highest}
            raise _wrong(setting, _("a whole number from %(lowest)d to %(highest)d") % span, place)
        return Value(setting.name, number, origin, where)
    if setting.choices and text not in setting.choices:
        raise _wrong(setting, _("one of: %(choices)s") % {"choices": ", ".join(setting.choices)}, place)
    if setting.name == "database" and not _is_database(text):
        raise _wrong(setting, _("an address like sqlite:///pdca.db or postgresql://host/name"), place)
    if not text or "\0" in text:
        raise _wrong(setting, _("a text that is not empty"), place)
    return Value(setting.name, text, origin, where)


def _is_database(url: str) -> bool:
    scheme, separator, rest = url.partition("://")
    return bool(separator and rest) and scheme.split("+")[0] in _DATABASES


def _wrong(setting: Setting, expected: str, place: Place) -> Usage:
    return Usage(
        "setting-value",
        _("The value of “%(name)s” is not understood.") % {"name": setting.name},
        hint=_("It must be %(expected)s.") % {"expected": expected},
        place=place,
    )
