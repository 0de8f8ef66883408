"""Where a setting comes from, and what is not accepted as one."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from pdca.errors import Failed, PdcaError, Usage
from pdca.secret_file import read_secret
from pdca.settings import KNOWN, Settings, load
from tests.unit.cli.running import run, settings_file

NONE: Mapping[str, str] = MappingProxyType({})


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    return {"here": tmp_path / "here", "user": tmp_path / "home" / "pdca", "system": tmp_path / "etc" / "pdca"}


def gathered(folders: dict[str, Path], environ: Mapping[str, str] = NONE, flags: Mapping[str, str] = NONE) -> Settings:
    variables = {"XDG_CONFIG_HOME": str(folders["user"].parent), **environ}
    return load(flags, variables, folder=folders["here"], system_file=folders["system"] / "config.toml")


def test_the_first_layer_that_says_something_holds_and_is_named(folders: dict[str, Path]) -> None:
    def database() -> tuple[str, str, str | None]:
        settings = gathered(folders, environ, flags)
        value = next(value for value in settings.values if value.name == "database")
        return settings.database, value.origin, value.where

    flags: dict[str, str] = {}
    environ: dict[str, str] = {}
    assert database() == ("sqlite:///pdca.db", "default", None)
    file = settings_file(folders["system"], 'database = "sqlite:///system.db"\n')
    assert database() == ("sqlite:///system.db", "file", f"{file}:1")
    file = settings_file(folders["user"], '# mine\n\ndatabase = "sqlite:///user.db"\n')
    assert database() == ("sqlite:///user.db", "file", f"{file}:3")
    file = settings_file(folders["here"], 'lang = "nl"\ndatabase = "sqlite:///here.db"\n')
    assert database() == ("sqlite:///here.db", "file", f"{file}:2")
    environ["PDCA_DATABASE"] = "sqlite:///variable.db"
    assert database() == ("sqlite:///variable.db", "environment", "PDCA_DATABASE")
    flags["database"] = "sqlite:///flag.db"
    assert database() == ("sqlite:///flag.db", "flag", "--database")


def test_without_any_file_the_defaults_hold(folders: dict[str, Path]) -> None:
    settings = gathered(folders)
    assert (settings.lang, settings.notify_channel, settings.notify_folder) == ("en", "file", Path("outbox"))
    assert (settings.scheduler_interval_seconds, settings.log_format) == (60, "auto")
    assert (settings.smtp.host, settings.smtp.password_file, settings.smtp.password()) == (None, None, None)


def test_every_setting_can_be_given_by_its_variable(folders: dict[str, Path]) -> None:
    given = {
        "PDCA_DATABASE": "postgresql+psycopg://db/zone",
        "PDCA_LANG": "fr",
        "PDCA_SMTP_HOST": "mail.example",
        "PDCA_SMTP_PORT": "2525",
        "PDCA_SMTP_SECURITY": "none",
        "PDCA_SMTP_USER": "pdca",
        "PDCA_SMTP_PASSWORD_FILE": "secret",
        "PDCA_SMTP_FROM": "plans@zone.example",
        "PDCA_NOTIFY_CHANNEL": "smtp",
        "PDCA_NOTIFY_FOLDER": "mail",
        "PDCA_WEBHOOK_URL": "https://hooks.zone.example/pdca",
        "PDCA_WEBHOOK_SECRET_FILE": "key",
        "PDCA_WEBHOOK_SECURITY": "none",
        "PDCA_WEBHOOK_ADDRESSES": "any",
        "PDCA_CHAT_URLS_FILE": "services",
        "PDCA_CHAT_SERVICES": "slack,matrixs",
        "PDCA_SCHEDULER_INTERVAL_SECONDS": "5",
        "PDCA_SCHEDULER_METRICS_FILE": "pdca.prom",
        "PDCA_AUDIT_KEY_FILE": "log.key",
        "PDCA_AUDIT_CHECKPOINT_MINUTES": "15",
        "PDCA_AUDIT_CHECKPOINT_FOLDER": "checkpoints",
        "PDCA_AUDIT_WITNESS_FOLDER": "witness",
        "PDCA_AUDIT_TIMESTAMP_URL": "https://tsa.zone.example/",
        "PDCA_AUDIT_TIMESTAMP_ADDRESSES": "any",
        "PDCA_LOG_FORMAT": "json",
        "PDCA_INFORMATION_FOLDER": "informed",
        "PDCA_WORKFLOW_FOLDER": "methods",
    }
    assert set(given) == {setting.variable for setting in KNOWN.values()}
    settings = gathered(folders, given)
    assert [str(value.value) for value in settings.values] == list(given.values())
    assert {value.origin for value in settings.values} == {"environment"}


@pytest.mark.parametrize(("security", "port"), [("none", 25), ("starttls", 587), ("tls", 465)])
def test_the_port_of_mail_follows_its_security(folders: dict[str, Path], security: str, port: int) -> None:
    assert gathered(folders, {"PDCA_SMTP_SECURITY": security}).smtp.port == port
    assert gathered(folders, {"PDCA_SMTP_SECURITY": security, "PDCA_SMTP_PORT": "1025"}).smtp.port == 1025


def test_tables_dotted_keys_and_inline_tables_mean_the_same(folders: dict[str, Path]) -> None:
    for text in (
        '[smtp]\nhost = "mail.example"\n',
        'smtp.host = "mail.example"\n',
        'smtp = { host = "mail.example" }\n',
    ):
        settings_file(folders["here"], text)
        assert gathered(folders).smtp.host == "mail.example"


def test_a_path_in_a_file_is_meant_from_where_the_file_stands(folders: dict[str, Path]) -> None:
    settings_file(folders["user"], '[notify]\nfolder = "outgoing"\n[smtp]\npassword_file = "/run/secret"\n')
    settings = gathered(folders)
    assert settings.notify_folder == folders["user"] / "outgoing"
    assert settings.smtp.password_file == Path("/run/secret")
    assert gathered(folders, {"PDCA_NOTIFY_FOLDER": "outgoing"}).notify_folder == Path("outgoing")


@pytest.mark.parametrize(
    ("text", "code", "line", "field", "hint"),
    [
        ('databse = "sqlite:///a.db"', "setting-unknown", 1, "databse", "“database”"),
        ('\n[smtp]\nhots = "mail"', "setting-unknown", 3, "smtp.hots", "“smtp.host”"),
        ('[smpt]\nhost = "mail"', "setting-unknown", 1, "smpt", "“smtp”"),
        ('smtp = { hots = "mail" }', "setting-unknown", 1, "smtp.hots", "“smtp.host”"),
        ("[smtp]\npassword = 1", "setting-unknown", 2, "smtp.password", "“smtp.password_file”"),
        ("zzzzzzzz = 1", "setting-unknown", 1, "zzzzzzzz", "config show"),
        ("lang = 1", "setting-value", 1, "lang", "quotes"),
        ('lang = "de"', "setting-value", 1, "lang", "en, nl, fr"),
        ('[smtp]\n\nport = "25"', "setting-value", 3, "smtp.port", "whole number"),
        ("smtp.port = 0", "setting-value", 1, "smtp.port", "1 to 65535"),
        ("smtp.port = 65536", "setting-value", 1, "smtp.port", "1 to 65535"),
        ("smtp.port = true", "setting-value", 1, "smtp.port", "a whole number."),
        ("smtp.port = 25.0", "setting-value", 1, "smtp.port", "whole number"),
        ("scheduler.interval_seconds = -1", "setting-value", 1, "scheduler.interval_seconds", "1 to 86400"),
        ('database = "pdca.db"', "setting-value", 1, "database", "sqlite:///pdca.db"),
        ('database = "mysql://db/zone"', "setting-value", 1, "database", "postgresql://"),
        ('smtp.host = ""', "setting-value", 1, "smtp.host", "not empty"),
        ("database = [1]", "setting-value", 1, "database", "quotes"),
        ("smtp = 1", "setting-unknown", 1, "smtp", ""),
        ('lang = "nl"\nlang =', "setting-syntax", 2, None, ""),
        ('lang = "nl"\nlang = "fr"', "setting-syntax", 2, None, ""),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_line_and_field(
    folders: dict[str, Path], text: str, code: str, line: int, field: str | None, hint: str
) -> None:
    file = settings_file(folders["here"], text + "\n")
    with pytest.raises(Usage) as caught:
        gathered(folders)
    error = caught.value
    assert error.place is not None
    assert (error.code, error.place.file, error.place.line, error.place.field) == (code, str(file), line, field)
    assert hint in (error.hint or "")


@pytest.mark.parametrize(
    ("variable", "text", "code", "hint"),
    [
        ("PDCA_LANG", "de", "setting-value", "en, nl, fr"),
        ("PDCA_SMTP_PORT", "25 ", "setting-value", "1 to 65535"),
        ("PDCA_SMTP_PORT", "9" * 5000, "setting-value", "1 to 65535"),
        ("PDCA_SMTP_PORT", "²", "setting-value", "1 to 65535"),
        ("PDCA_DATABSE", "sqlite:///a.db", "setting-unknown", "“PDCA_DATABASE”"),
        ("PDCA_SMTP_PASSWORD", "hunter2", "setting-unknown", "“PDCA_SMTP_PASSWORD_FILE”"),
    ],
)
def test_what_is_wrong_in_a_variable_is_named(
    folders: dict[str, Path], variable: str, text: str, code: str, hint: str
) -> None:
    with pytest.raises(Usage) as caught:
        gathered(folders, {variable: text})
    assert caught.value.place is not None
    assert (caught.value.code, caught.value.place.field) == (code, variable)
    assert hint in (caught.value.hint or "")
    assert "hunter2" not in caught.value.message + (caught.value.hint or "")


def test_variables_of_other_programs_and_empty_ones_are_left_alone(folders: dict[str, Path]) -> None:
    assert (
        gathered(folders, {"PDCA_LANG": "", "PDCA_NOW": "x", "PDCA_DEBUG": "1", "PDCA_COLOUR_OF_CAR": "red"}).lang
        == "en"
    )


@pytest.mark.parametrize("content", [b"lang = \xff", b"#" * (1024 * 1024 + 1), b"a = " + b"[" * 100_000])
def test_a_file_that_is_no_settings_file_is_refused(folders: dict[str, Path], content: bytes) -> None:
    file = settings_file(folders["here"], "")
    file.write_bytes(content)
    with pytest.raises(PdcaError) as caught:
        gathered(folders)
    assert caught.value.place is not None
    assert caught.value.place.file == str(file)


def test_a_folder_in_the_place_of_a_file_is_an_error_in_words(folders: dict[str, Path]) -> None:
    (folders["here"] / "pdca.toml").mkdir(parents=True)
    with pytest.raises(Failed) as caught:
        gathered(folders)
    assert caught.value.code == "setting-file"


def test_a_secret_is_read_from_its_file_and_never_shown(empty_folder: Path) -> None:
    (empty_folder / "secret").write_text("hunter2\n")
    (empty_folder / "secret").chmod(0o600)
    file = settings_file(
        empty_folder, 'database = "postgresql://zone:hunter3@db/zone"\n[smtp]\npassword_file = "secret"\n'
    )
    assert load({}, {}, folder=empty_folder).smtp.password() == "hunter2"
    for form in ("table", "tsv", "json", "jsonl", "csv"):
        ran = run("config", "show", "--format", form)
        assert ran.status == 0
        assert "hunter" not in ran.out
        assert "secret" in ran.out
        assert f"{file.name}:1" in ran.out


@pytest.mark.parametrize(("content", "code"), [(None, "secret-unreadable"), ("\n", "secret-empty")])
def test_a_secret_that_is_not_there_is_named(tmp_path: Path, content: str | None, code: str) -> None:
    if content is not None:
        (tmp_path / "secret").write_text(content)
        (tmp_path / "secret").chmod(0o600)
    settings = load({}, {"PDCA_SMTP_PASSWORD_FILE": str(tmp_path / "secret")}, folder=tmp_path)
    with pytest.raises(Failed) as caught:
        settings.smtp.password()
    assert caught.value.code == code


@pytest.mark.parametrize(("mode", "open_to_others"), [(0o600, False), (0o640, False), (0o644, True), (0o660, True)])
def test_a_secret_that_others_can_read_or_change_is_not_used(tmp_path: Path, mode: int, open_to_others: bool) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n")
    secret.chmod(mode)
    if not open_to_others:
        assert read_secret(secret) == "hunter2"
        return
    with pytest.raises(Failed) as caught:
        read_secret(secret)
    assert caught.value.code == "secret-open"
    assert f"chmod 600 {secret}" in str(caught.value.hint)
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("environ", "language", "where"),
    [
        ({}, "en", None),
        ({"LANG": "nl_BE.UTF-8"}, "nl", "LANG"),
        ({"LANG": "nl_BE.UTF-8", "LC_MESSAGES": "fr_BE.UTF-8"}, "fr", "LC_MESSAGES"),
        ({"LANG": "nl_BE.UTF-8", "LC_ALL": "C.UTF-8"}, "en", None),
        ({"LANG": "de_BE.UTF-8"}, "en", None),
        ({"LANG": "nl"}, "nl", "LANG"),
        ({"LC_ALL": "", "LANG": "fr"}, "fr", "LANG"),
        ({"LANG": "nl_BE.UTF-8", "PDCA_LANG": "fr"}, "fr", "PDCA_LANG"),
    ],
)
def test_the_language_comes_from_the_locale_when_nothing_else_says_it(
    folders: dict[str, Path], environ: dict[str, str], language: str, where: str | None
) -> None:
    value = next(value for value in gathered(folders, environ).values if value.name == "lang")
    assert (value.value, value.where) == (language, where)


def test_a_settings_file_comes_before_the_locale(folders: dict[str, Path]) -> None:
    settings_file(folders["system"], 'lang = "fr"\n')
    assert gathered(folders, {"LANG": "nl_BE.UTF-8"}).lang == "fr"


def test_config_show_lists_every_setting_with_its_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_SMTP_HOST", "mail.example")
    rows = run("config", "show", "--json").json["settings"]
    assert [row["setting"] for row in rows] == list(KNOWN)
    assert rows[2] == {
        "setting": "smtp.host",
        "value": "mail.example",
        "origin": "environment",
        "where": "PDCA_SMTP_HOST",
    }
    assert rows[3] == {"setting": "smtp.port", "value": 587, "origin": "default", "where": None}


def test_a_wrong_settings_file_is_told_by_the_command(empty_folder: Path) -> None:
    settings_file(empty_folder, 'databse = "x"\n')
    ran = run("config", "show")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "error[setting-unknown]: There is no setting “databse”.\n"
        "  at pdca.toml:1, databse\n"
        "hint: Did you mean “database”?\n"
    )


def test_reading_the_clock_does_not_depend_on_the_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        opened = run("sample", "told", "--json").json["opened_at"]
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    assert opened.endswith("+00:00")
    assert os.environ.get("TZ") is None
