"""The records of the import format about the partners of a plan: how they were involved, and what they said back."""

from typing import Annotated, Literal

from pydantic import Field

from pdca.exchange.fields import Day, Key, Label, Many, ReactionKey, SessionKey, Text
from pdca.exchange.records import Record, Sourced


class Session(Sourced):
    """A session that was held with a partner (clause 26): about what, and who attended, by name or in words."""

    id: SessionKey
    party: Key
    mode: Literal["training", "information", "consultation"]
    date: Day
    content: Text
    attendees: Annotated[Many[Label], Field(min_length=1)]


class Reaction(Record):
    """What a partner said about a plan, and what it was answered (clause 20); without `answer` it is open."""

    id: ReactionKey
    party: Key
    received: Day
    text: Text
    answer: Text | None = None
