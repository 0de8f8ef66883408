"""What the program is told before it starts: where the database is, which language, how mail leaves the house.

A value comes from the first of: a flag, a `PDCA_*` variable, `./pdca.toml`, the user's file, `/etc/pdca/config.toml`,
the default. Each remembers its origin. A key that nobody knows is refused, for a mistyped key is a setting that
silently does not hold. A secret is never a value: the setting names the file that holds it.
"""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from pdca.errors import Place, Usage
from pdca.i18n import LANGUAGES, _, from_environment
from pdca.settings_file import Entry, nearest, read_entries

if TYPE_CHECKING:
    from pathlib import Path

    from pdca.settings_groups import Audit, Chat, Smtp, Webhook

File = str | os.PathLike[str]

SYSTEM_FILE: Final = "/etc/pdca/config.toml"
PORTS: Final = {"none": 25, "starttls": 587, "tls": 465}
OTHER_VARIABLES: Final = frozenset({"PDCA_NOW", "PDCA_DEBUG", "PDCA_VENV", "PDCA_REQUIRE_POSTGRES"})
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


class Settings:
    """All settings, each of its type; `values` are the same with their origins, in the order of `KNOWN`."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = tuple(values.values())
        self._of = {name: found.value for name, found in values.items()}

    @property
    def database(self) -> str:
        """The address of the database."""
        return str(self._of["database"])

    @property
    def lang(self) -> str:
        """The language of texts for people."""
        return str(self._of["lang"])

    @property
    def smtp(self) -> "Smtp":
        """How mail leaves the house."""
        from pdca.settings_groups import Smtp

        return Smtp(
            host=self._text("smtp.host"),
            port=self._number("smtp.port"),
            security=str(self._of["smtp.security"]),
            user=self._text("smtp.user"),
            password_file=self._path("smtp.password_file"),
            sender=self._text("smtp.from"),
        )

    @property
    def notify_channel(self) -> str:
        """By which channel messages leave: file or smtp."""
        return str(self._of["notify.channel"])

    @property
    def notify_folder(self) -> "Path":
        """The folder of the file channel."""
        return _folder(self._of["notify.folder"])

    @property
    def webhook(self) -> "Webhook":
        """To which address messages are posted."""
        from pdca.settings_groups import Webhook

        return Webhook(
            url=self._text("webhook.url"),
            secret_file=self._path("webhook.secret_file"),
            security=str(self._of["webhook.security"]),
            addresses=str(self._of["webhook.addresses"]),
        )

    @property
    def chat(self) -> "Chat":
        """Which chat services messages go to."""
        from pdca.settings_groups import Chat

        services = (self._text("chat.services") or "").replace(",", " ").casefold().split()
        return Chat(urls_file=self._path("chat.urls_file"), services=tuple(services))

    @property
    def scheduler_interval_seconds(self) -> int:
        """How long the scheduler waits between two sweeps."""
        return self._number("scheduler.interval_seconds")

    @property
    def scheduler_metrics_file(self) -> "Path | None":
        """Where the scheduler writes its figures."""
        return self._path("scheduler.metrics_file")

    @property
    def audit(self) -> "Audit":
        """How the log is signed."""
        from pdca.settings_groups import Audit

        return Audit(
            key_file=self._path("audit.key_file"),
            checkpoint_minutes=self._number("audit.checkpoint_minutes"),
            checkpoint_folder=self._path("audit.checkpoint_folder"),
            witness_folder=self._path("audit.witness_folder"),
            timestamp_url=self._text("audit.timestamp_url"),
            timestamp_addresses=str(self._of["audit.timestamp_addresses"]),
        )

    @property
    def log_format(self) -> str:
        """How the log of the scheduler is written: auto, console or json."""
        return str(self._of["log.format"])

    @property
    def information_folder(self) -> "Path":
        """The folder of letters to be posted."""
        return _folder(self._of["information.folder"])

    @property
    def workflow_folder(self) -> "Path | None":
        """The folder of the organisation's own methods."""
        return self._path("workflow.folder")

    def _text(self, name: str) -> str | None:
        return None if self._of[name] is None else str(self._of[name])

    def _path(self, name: str) -> "Path | None":
        return None if self._of[name] is None else _folder(self._of[name])

    def _number(self, name: str) -> int:
        return int(self._of[name] or 0)


def _folder(value: str | int | None) -> "Path":
    # Imported here: it is much to load, and reading asks for no path.
    from pathlib import Path

    return Path(str(value))


def load(
    flags: Mapping[str, str], environ: Mapping[str, str], *, folder: File = "", system_file: File = SYSTEM_FILE
) -> Settings:
    """Gather the settings: `flags` are {setting: text} of the command line, `folder` is where `pdca.toml` is sought.

    Raises `Usage` for a key, variable or value that is not understood, `Failed` for a file that cannot be read.
    """
    layers = [
        {name: _checked(KNOWN[name], text, _flag(name), "flag") for name, text in flags.items()},
        _variables(environ),
        *(_file(path) for path in (os.path.join(folder, "pdca.toml"), user_file(environ), system_file) if path),
    ]
    asked = from_environment(environ)
    if asked:
        layers.append({"lang": Value("lang", asked[0], "environment", asked[1])})
    return _typed({name: _first(layers, setting) for name, setting in KNOWN.items()})


def user_file(environ: Mapping[str, str]) -> str | None:
    """Give the user's own file, whether it exists or not; None for a user without a home."""
    folder = environ.get("XDG_CONFIG_HOME") or (environ.get("HOME") and environ["HOME"] + "/.config")
    return os.path.join(folder, "pdca", "config.toml") if folder else None


def _first(layers: list[dict[str, Value]], setting: Setting) -> Value:
    for layer in layers:
        if setting.name in layer:
            return layer[setting.name]
    return Value(setting.name, setting.default, "default")


def _typed(values: dict[str, Value]) -> Settings:
    if values["smtp.port"].value is None:
        values["smtp.port"] = Value("smtp.port", PORTS[str(values["smtp.security"].value)], "default")
    return Settings(values)


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


def _file(path: File) -> dict[str, Value]:
    sections = {name.rpartition(".")[0] for name in KNOWN} - {""}
    found: dict[str, Value] = {}
    for entry in read_entries(path, sections):
        place = Place(file=str(path), line=entry.line, field=entry.key)
        setting = KNOWN.get(entry.key)
        if setting is None:
            meant = nearest(entry.key, [*sections, *KNOWN] if isinstance(entry.value, dict) else list(KNOWN))
            raise _unknown(entry.key, meant, place)
        found[entry.key] = _from_toml(setting, entry, place, os.path.dirname(path))
    return found


def _unknown(name: str, meant: str | None, place: Place) -> Usage:
    hint = _("Did you mean “%(name)s”?") % {"name": meant} if meant else _("`pdca config show` lists all settings.")
    return Usage("setting-unknown", _("There is no setting “%(name)s”.") % {"name": name}, hint=hint, place=place)


def _from_toml(setting: Setting, entry: Entry, place: Place, folder: str) -> Value:
    number = setting.kind == "number"
    if type(entry.value) is not (int if number else str):
        raise _wrong(setting, _("a whole number") if number else _("a text between quotes"), place)
    value = _checked(setting, str(entry.value), place, "file")
    # A path in a file is meant from where that file stands, not from where the program was started.
    if setting.kind == "path" and value.value:
        return Value(value.name, str(_at_home(folder, str(value.value))), value.origin, value.where)
    return value


def _at_home(folder: str, path: str) -> "Path":
    meant = _folder(path)
    try:
        return _folder(folder) / meant.expanduser()
    except RuntimeError:
        # Who has no home means what he wrote.
        return _folder(folder) / meant


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
