"""Time stamps (RFC 3161): an authority signs that a checkpoint was there at an instant (extra `timestamp`).

Stamped are the bytes of the note, so that `openssl ts -verify -data NOTE` reads the answer too. It is kept as it came
and verified offline, by a root certificate that whoever verifies holds; the certificates have to be valid at the
instant stamped, not today.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from pdca.errors import Failed, Usage
from pdca.i18n import _

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

LARGEST_ANSWER: Final = 256 * 1024
"""Bytes; with all its certificates an answer has some ten thousand."""

_GRANTED: Final = 0
_CERTIFICATES: Final = 0xA0
"""The tag of the certificates in SignedData (RFC 5652 section 5.1)."""
_LONG_FORM: Final = 0x80


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a time stamp: its bytes, and the number that only an answer to it repeats."""

    content: bytes
    nonce: int | None


@dataclass(frozen=True, slots=True)
class Roots:
    """Root certificates that whoever verifies trusts."""

    certificates: "tuple[Certificate, ...]"

    @classmethod
    def read(cls, pem: bytes) -> "Roots":
        """Read them in PEM; raises Usage for what holds none."""
        from cryptography.x509 import load_pem_x509_certificates

        try:
            return cls(tuple(load_pem_x509_certificates(pem)))
        except ValueError as error:
            raise Usage(
                "certificate-unreadable",
                _("It holds no certificate in PEM."),
                hint=_("Such a file has lines with BEGIN CERTIFICATE and END CERTIFICATE."),
            ) from error


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp: the instant in UTC, and who signed it by the name in its certificate, None when not verified."""

    at: datetime
    signer: str | None = None


def ask(note: str) -> Asked:
    """Make a request to stamp a note; only its hash is in it. Raises Failed without the extra."""
    library = _library()
    builder = library.TimestampRequestBuilder().data(note.encode()).hash_algorithm(library.HashAlgorithm.SHA256)
    request = builder.build()
    return Asked(request.as_bytes(), request.nonce)


def read_answer(answer: bytes, note: str, asked: Asked | None = None) -> Stamp:
    """Read an answer to what was `asked`, if that is known; who signed it is not verified by that.

    Raises Failed when it is none, grants nothing, or stamps something else.
    """
    return Stamp(_read(answer, note, asked).tst_info.gen_time)


def verify_answer(answer: bytes, note: str, roots: Roots, asked: Asked | None = None) -> Stamp:
    """Verify an answer by root certificates; raises Failed as `read_answer` does, and when no root stands behind it."""
    response = _read(answer, note, asked)
    library = _library()
    try:
        # The verifier hashes as the answer says; `_read` has seen that it is SHA-256.
        library.VerifierBuilder(roots=list(roots.certificates)).build().verify_message(response, note.encode())
        signer = _signer(response)
    except (library.VerificationError, ValueError) as error:
        raise Failed(
            "timestamp-not-trusted",
            _("This time stamp is not signed by an authority that the root certificate stands for: %(why)s")
            % {"why": error},
            hint=_("Ask the authority for the root certificate of its time stamps; a web certificate is another."),
        ) from error
    return Stamp(response.tst_info.gen_time, signer)


def _read(answer: bytes, note: str, asked: Asked | None) -> Any:  # noqa: ANN401 - an object of a library that may be missing
    from cryptography.x509 import ObjectIdentifier

    library = _library()
    try:
        response = library.decode_timestamp_response(_in_order(answer))
        granted = response.status == _GRANTED
        imprint, nonce = (response.tst_info.message_imprint, response.tst_info.nonce) if granted else (None, None)
    except ValueError as error:
        raise Failed(
            "timestamp-unreadable",
            _("This is no time stamp (RFC 3161)."),
            hint=_("It is the file that `pdca audit timestamp ask` wrote, or another authority's answer as it came."),
        ) from error
    if imprint is None:
        raise Failed(
            "timestamp-refused",
            _("The authority gave no time stamp: %(why)s")
            % {"why": " ".join(response.status_string) or response.status},
            hint=_("Ask again later, or another authority."),
        )
    sha256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
    same = imprint.hash_algorithm == sha256 and imprint.message == hashlib.sha256(note.encode()).digest()
    if not same or (asked is not None and nonce != asked.nonce):
        raise Failed(
            "timestamp-differs",
            _("This time stamp is of something else."),
            hint=_("It is of one file, byte for byte; a cosigned checkpoint is another than the one before."),
        )
    return response


def _signer(response: Any) -> str:  # noqa: ANN401 - an object of a library that may be missing
    from cryptography.x509 import load_der_x509_certificate

    [info] = response.signed_data.signer_infos
    for encoded in response.signed_data.certificates:
        certificate = load_der_x509_certificate(encoded)
        if (certificate.issuer, certificate.serial_number) == (info.issuer, info.serial_number):
            return certificate.subject.rfc4514_string()
    message = "it does not carry the certificate of its signer"
    raise ValueError(message)


def _in_order(answer: bytes) -> bytes:
    """Put the certificates of an answer in the order of DER, in which authorities need not send them.

    The library reads them in no other. They stand outside of what is signed; anything unexpected is left as it is.
    """
    try:
        [whole] = _parts(answer, 0, len(answer))
        _status, token = _parts(answer, *whole[1:])
        _kind, content = _parts(answer, *token[1:])
        [signed] = _parts(answer, *content[1:])
        [(_tag, start, end)] = [part for part in _parts(answer, *signed[1:]) if part[0] == _CERTIFICATES]
        begins = [start, *(part[2] for part in _parts(answer, start, end))]
    except (ValueError, IndexError):
        return answer
    return answer[:start] + b"".join(sorted(answer[a:b] for a, b in pairwise(begins))) + answer[end:]


def _parts(answer: bytes, start: int, end: int) -> list[tuple[int, int, int]]:
    """Give the values that stand one after the other: the tag of each, where its content starts, and where it ends."""
    found = []
    while start < end:
        tag, length, inside = answer[start], answer[start + 1], start + 2
        if length >= _LONG_FORM:
            inside += length - _LONG_FORM
            length = int.from_bytes(answer[start + 2 : inside], "big")
        start = inside + length
        if start > end:
            raise ValueError
        found.append((tag, inside, start))
    return found


def _library() -> Any:  # noqa: ANN401 - a library that may be missing
    try:
        import rfc3161_client
    except ImportError as error:
        raise Failed(
            "extra-missing",
            _("The library for time stamps is not installed."),
            hint=_("Install the program with its extra: pdca[timestamp]."),
        ) from error
    return rfc3161_client
