"""Bytes as text, in the one form that each has: base64 of RFC 4648 section 4, with its padding."""

import base64
import binascii


def encode(data: bytes) -> str:
    """Write bytes as base64."""
    return base64.b64encode(data).decode()


def decode(text: str) -> bytes | None:
    """Read base64 strictly; None for whatever `encode` would not have written."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if encode(data) == text else None
