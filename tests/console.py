"""The console as tests use it: an app on a world, its staff, and a browser that signs in."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assistant.app import create_app
from assistant.domain.permissions import Role
from assistant.services import staff
from assistant.settings import Settings
from tests.house.test_doors import SETTINGS
from tests.world import World

PASSWORD = "quiet river lantern"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')
MARK = re.compile(r'name="mark" value="([^"]+)"')


def console_app(world: World, settings: Settings = SETTINGS) -> Flask:
    return create_app(world.rt, settings)


def employ(world: World, role: Role, email: str | None = None, *, spa_id: int | None = None) -> int:
    """One of the staff, who has chosen a password."""
    with world.rt.unit_of_work() as uow:
        made = staff.invite(
            uow,
            spa_id or world.spa.spa_id,
            email=email or f"{role}@example.com",
            name=f"{role.capitalize()} Example",
            role=role,
            actor="test",
        )
        staff.set_password(uow, made.user_id, PASSWORD)
    return made.user_id


@dataclass
class Visitor:
    """A browser without a script: it follows no redirect by itself, and fills in the hidden fields of forms."""

    http: FlaskClient
    base: str = "https://spa.example.com"

    def get(self, path: str) -> TestResponse:
        return self.http.get(path, base_url=self.base)

    def post(self, path: str, form: dict[str, Any], *, page: str | None = None) -> TestResponse:
        """Send a form as the page at `page` (or `path`) made it."""
        shown = self.get(page or path).text
        hidden = {"csrf_token": found[1]} if (found := TOKEN.search(shown)) else {}
        return self.http.post(path, data=hidden | form, base_url=self.base, headers={"Referer": self.base + path})

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/console/sign-in", {"email": email, "password": password})


def signed_in(app: Flask, world: World, role: Role) -> Visitor:
    employ(world, role)
    visitor = Visitor(app.test_client())
    assert visitor.sign_in(f"{role}@example.com").status_code == 302
    return visitor
