"""Telling people: who is told what, and the outbox that is filled in the event's own transaction."""
