"""Every page of the console, found by itself: whatever the map of addresses has, with ids that a spa really has."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from assistant.runtime import Runtime
from tests.console import Visitor

OF = {
    "user_id": ("staff_post", "user_id"),
    "task_id": ("staff_task", "id"),
    "thread_id": ("handover", "id"),
    "canned_id": ("canned_reply", "id"),
}
"""Where the ids of an address come from, when not from the table of the same name."""
WORDS = {"name": "mrr", "act": "stop", "what": "offers", "of": "m1", "code": "peel", "unit": "visit"}
"""What stands in an address that is no number."""
TYPED = {"number": "1", "date": "2026-12-20", "month": "2026-12", "tel": "(505) 555-0155", "email": "new@example.com"}
PARAMETER = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Page:
    """One page, by the name of its view, and where it was found."""

    name: str
    path: str


def routes(app: Flask, method: str = "GET") -> Iterator[Rule]:
    """The console's own, without those of signing in."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("console.") and method in (rule.methods or set()):
            yield rule


def parameters(rule: Rule) -> list[tuple[str, str]]:
    """The name of each part of an address that varies, and its kind."""
    return [(name, kind or "string") for kind, name in PARAMETER.findall(rule.rule) if name != "spa_id"]


def addressed(rt: Runtime, rule: Rule, spa_id: int, *, of: int | None = None) -> str | None:
    """The address of a route at a spa, with the newest ids of the spa `of` (or its own). None: it has no such thing."""
    path = rule.rule.replace("<int:spa_id>", str(spa_id))
    for name, kind in parameters(rule):
        value = _newest(rt, name, spa_id if of is None else of) if kind == "int" else WORDS.get(name, "1")
        if value is None:
            return None
        path = re.sub(rf"<(\w+(\([^)]*\))?:)?{name}>", value, path)
    return path


def _newest(rt: Runtime, name: str, spa_id: int) -> str | None:
    table, column = OF.get(name, (name.removesuffix("_id"), "id"))
    with rt.unit_of_work() as uow:
        known = uow.sql("SELECT to_regclass(%s)", (table,)).fetchone()
        if known is None or known[0] is None:
            raise LookupError(f"<{name}>: say in tests/walking.py of which table")
        row = uow.sql(f"SELECT max({column}) FROM {table} WHERE spa_id = %s", (spa_id,)).fetchone()
    return str(row[0]) if row and row[0] is not None else None


class Read(HTMLParser):
    """What leads on from a page: its links, and its forms that only ask."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._form: dict[str, str] | None = None
        self._select: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "download" not in given:
            self.links.append(given.get("href", "").partition("#")[0])
        elif tag == "form":
            asks = given.get("method", "get").lower() == "get" and given.get("role") != "search"
            self._form = {} if asks else None
            if self._form is not None:
                self.forms.append((given.get("action", ""), self._form))
        elif self._form is not None and given.get("name"):
            self._field(tag, given)
        elif tag == "option" and self._form is not None and self._select:
            chosen = "selected" in given or self._select not in self._form
            self._form |= {self._select: given.get("value", "")} if chosen else {}

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        kind = given.get("type", "text")
        self._select = given["name"] if tag == "select" else None
        if tag == "textarea":
            self._form[given["name"]] = "A kind word"
        elif tag == "input" and (kind not in {"checkbox", "radio"} or "checked" in given):
            self._form[given["name"]] = given.get("value") or TYPED.get(kind, "A kind word")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


@dataclass
class Walk:
    """From page to page by their own links and questions, one of each kind."""

    app: Flask
    visitor: Visitor
    spa_id: int
    pages: dict[tuple[Any, ...], Page] = field(default_factory=dict)
    shown: dict[str, TestResponse] = field(default_factory=dict)
    files: list[Page] = field(default_factory=list)

    def walk(self, starts: Mapping[str, str]) -> list[Page]:
        """All pages that are reached, the starts first: each of them by its name, others once for each view."""
        waiting = deque((path, name) for name, path in starts.items())
        while waiting:
            path, how = waiting.popleft()
            waiting.extend(self._open(path, how))
        return list(self.pages.values())

    def _open(self, path: str, how: str) -> list[tuple[str, str]]:
        named = self._named(path, how)
        if named is None or named[0] in self.pages:
            return []
        answer = self.visitor.get(path)
        if answer.mimetype != "text/html" or answer.status_code in {301, 302, 303, 308}:
            self.files.append(Page(named[1], path))
            return []
        if answer.status_code not in {200, 422}:
            return []
        self.pages[named[0]] = Page(named[1], path)
        self.shown[path] = answer
        read = Read(answer.text)
        onwards = [(urljoin(path, href), "") for href in read.links]
        for action, fields in read.forms:
            onwards.append((urljoin(path, action) + "?" + urlencode(fields), "asked"))
        return onwards

    def _named(self, path: str, how: str) -> tuple[tuple[Any, ...], str] | None:
        """What kind of page an address is of: numbers do not make another."""
        parts = urlsplit(path)
        if parts.netloc or not parts.path.startswith("/console/"):
            return None
        try:
            endpoint, given = self.app.url_map.bind("x").match(parts.path)
        except HTTPException:
            return None
        if not endpoint.startswith("console.") or given.get("spa_id", self.spa_id) != self.spa_id:
            return None
        words = tuple(str(value) for value in given.values() if not isinstance(value, int))
        name = "-".join([endpoint.removeprefix("console."), *words, *([how] if how else [])])
        return (endpoint, words, how), name

    def missed(self, rt: Runtime) -> list[str]:
        """Pages that nothing led to; each is opened by an id of the spa's, and only those that are not there remain."""
        lost = []
        for rule in routes(self.app):
            if any(rule.endpoint == key[0] for key in self.pages):
                continue
            path = addressed(rt, rule, self.spa_id)
            if path is None or (self.walk({"": path}) and not any(rule.endpoint == key[0] for key in self.pages)):
                lost.append(rule.rule)
        files = {each.name.partition("-")[0] for each in self.files}
        return [rule for rule in lost if not any(f"console.{name}" == self._endpoint(rule) for name in files)]

    def _endpoint(self, rule: str) -> str:
        return next(each.endpoint for each in routes(self.app) if each.rule == rule)
