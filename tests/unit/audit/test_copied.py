"""A checkpoint is found again in what somebody copied out of a mail."""

import quopri
import textwrap
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from pdca.audit.copied import note_in
from pdca.audit.notes import LOG_SIGNATURE, NoteError, SigningKey, open_note, sign, text_of
from pdca.notify.mail import compose
from tests.unit.notify.rows import INSTALLATION, row

KEY = SigningKey.new("zone-zuid-anderlecht-sint-gillis-vorst.pdca/0a1b2c3d", LOG_SIGNATURE)
OTHER = SigningKey.new("witness.example/2024", LOG_SIGNATURE)
ROOT = "yNnBBjiPTuTCDir2M8J73C9HiCAwjbpxCcOcP72/PjQ="
NOTE = sign(f"{KEY.name}\n185\n{ROOT}\nheads 13 {ROOT}\n", KEY, OTHER)
MAIL = compose(row("plan.advanced", checkpoint_number=1, checkpoint_note=NOTE), INSTALLATION, None)


def text_of_mail() -> str:
    parsed = message_from_bytes(MAIL.as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r", "")


def test_a_note_stays_as_it_is() -> None:
    assert note_in(NOTE) == NOTE


@pytest.mark.parametrize(
    "copied",
    [
        NOTE.rstrip("\n"),
        NOTE.replace("\n", "\r\n"),
        textwrap.indent(NOTE, "   "),
        text_of_mail(),
        textwrap.indent(text_of_mail(), "> ", lambda _line: True),
        textwrap.indent(text_of_mail(), "> > ", lambda _line: True),
        MAIL.as_string(),
        MAIL.as_bytes().decode(),
        quopri.decodestring(quopri.encodestring(NOTE.encode())).decode(),
        f"{text_of_mail()}\n\nKind regards,\nSofie\n185\n",
        NOTE.replace("\n\n", "\n \n"),
    ],
)
def test_it_is_found_in_a_mail_quoted_set_in_or_with_other_line_ends(copied: str) -> None:
    assert note_in(copied) == NOTE


@pytest.mark.parametrize("width", [56, 60, 72, 76, 78])
@pytest.mark.parametrize("mark", ["", "> "])
def test_it_is_found_although_a_mail_program_broke_the_lines(width: int, mark: str) -> None:
    broken = []
    for line in text_of_mail().splitlines():
        pieces = textwrap.wrap(line, width, break_on_hyphens=False) or [""]
        broken += [f"{mark}{piece}" for piece in pieces]
    found = note_in("\n".join(broken))
    assert {signed.key.name for signed in open_note(found, [KEY.verifier, OTHER.verifier]).signed} == {
        KEY.name,
        OTHER.name,
    }


def test_of_several_the_last_is_meant() -> None:
    later = sign(f"{KEY.name}\n200\n{ROOT}\n", KEY)
    assert note_in(f"{NOTE}\nand then\n\n{later}\n\nthe end") == later


def test_what_was_altered_is_found_and_does_not_verify() -> None:
    altered = text_of_mail().replace("\n185\n", "\n186\n")
    assert altered != text_of_mail()
    with pytest.raises(NoteError):
        open_note(note_in(altered), [KEY.verifier])


@pytest.mark.parametrize("text", ["", "Dear Sofie,\n", "zone\n12\nnot a root\n", f"zone\n12\n{ROOT}\n"])
def test_where_there_is_none_the_text_is_given_back(text: str) -> None:
    assert note_in(text) == text
    with pytest.raises(NoteError):
        text_of(note_in(text))
