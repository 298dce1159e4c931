"""The shapes of SendGrid's book: its tables, a mail in it, and what it answers."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS mails (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, inbound INTEGER NOT NULL, sender TEXT NOT NULL,
  sender_name TEXT NOT NULL, recipient TEXT NOT NULL, reply_to TEXT NOT NULL, subject TEXT NOT NULL,
  text TEXT NOT NULL, html TEXT NOT NULL, headers TEXT NOT NULL, args TEXT NOT NULL, status TEXT NOT NULL,
  created_at TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS mails_by_recipient ON mails (recipient);
CREATE INDEX IF NOT EXISTS mails_by_sender ON mails (sender);
CREATE TABLE IF NOT EXISTS steps (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, status TEXT NOT NULL, due_at TEXT NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX IF NOT EXISTS steps_due ON steps (due_at) WHERE taken = 0;
CREATE TABLE IF NOT EXISTS marks (id TEXT NOT NULL, mark TEXT NOT NULL, PRIMARY KEY (id, mark)) STRICT;
CREATE TABLE IF NOT EXISTS lists (address TEXT PRIMARY KEY, reason TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS posts (
  seq INTEGER PRIMARY KEY, sid TEXT NOT NULL, url TEXT NOT NULL, pairs TEXT NOT NULL, token TEXT NOT NULL,
  due_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'due', problem TEXT) STRICT;
CREATE INDEX IF NOT EXISTS posts_due ON posts (due_at) WHERE state = 'due';
CREATE TABLE IF NOT EXISTS faults (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, phone TEXT, code INTEGER NOT NULL, seconds INTEGER NOT NULL,
  times INTEGER) STRICT;
"""
COLUMNS = "id inbound sender sender_name recipient reply_to subject text html headers args status created_at".split()


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in the book. One that came in has `inbound` set: then `recipient` is one of ours."""

    id: str
    inbound: bool
    sender: str
    sender_name: str
    recipient: str
    reply_to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    args: dict[str, str]
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    id: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """SendGrid said no: its HTTP status, and what was wrong where it was the request."""

    status: int
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer reaches the caller: a 500 now, or nothing for `seconds`. It may have been taken."""

    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Hook:
    """One post to a web server, before it is signed."""

    url: str
    content_type: str
    raw: bytes


def letter_of(row: sqlite3.Row) -> Letter:
    held: dict[str, Any] = {name: row[name] for name in COLUMNS}
    held |= {"headers": json.loads(row["headers"]), "args": json.loads(row["args"])}
    return Letter(**held | {"inbound": bool(row["inbound"]), "created_at": datetime.fromisoformat(row["created_at"])})
