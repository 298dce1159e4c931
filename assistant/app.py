"""The web application: doors and error pages, nothing else."""

import logging
from pathlib import Path
from types import TracebackType

import psycopg
from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from assistant import wiring
from assistant.runtime import Runtime
from assistant.settings import Settings
from assistant.web import console, health
from assistant.web.console import (
    approvals,
    campaign_csv,
    campaigns,
    catalogue,
    checkout,
    checkout_people,
    demo_clock,
    inbox,
    inbox_acts,
    inbox_canned,
    inbox_review,
    members,
    plan_what_if,
    plans,
    reports,
    settings_hours,
    settings_pages,
    signing,
    staff_pages,
    tickets,
    today,
)
from assistant.web.here import Here
from assistant.web.member import preferences as member_pages
from assistant.web.webhooks import sendgrid, stripe, twilio

log = logging.getLogger(__name__)

AREAS = (
    approvals,
    members,
    today,
    checkout,
    checkout_people,
    tickets,
    inbox,
    inbox_acts,
    inbox_canned,
    inbox_review,
    campaigns,
    plans,
    reports,
    settings_pages,
    settings_hours,
    staff_pages,
    campaign_csv,
    catalogue,
    plan_what_if,
)
"""The modules of the console's pages: importing one puts its pages on the one blueprint."""
TEMPLATES = Path(__file__).parents[1] / "templates"
ExcInfo = tuple[type, BaseException, TracebackType] | tuple[None, None, None]


def create_app(runtime: Runtime | None = None, settings: Settings | None = None) -> Flask:
    """An app on the runtime it is given, or on the environment's."""
    settings = settings or wiring.settings()
    runtime = runtime or wiring.runtime(settings)
    app = Web(__name__, static_folder=None, template_folder=TEMPLATES)
    app.config.update(MAX_CONTENT_LENGTH=256 * 1024, SECRET_KEY=settings.secret_key)
    app.extensions["assistant"] = Here(runtime, settings)
    app.session_interface = SessionsForPages()
    app.register_blueprint(health.bp)
    app.register_blueprint(twilio.bp)
    app.register_blueprint(stripe.bp)
    app.register_blueprint(sendgrid.bp)
    app.register_blueprint(member_pages.bp)
    _staff_console(app, settings)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(SQLAlchemyError, _database_away)
    app.register_error_handler(psycopg.Error, _database_away)
    return app


def _staff_console(app: Flask, settings: Settings) -> None:
    """Its pages, its way of signing in, and what its templates may use."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(console.FILTERS)
    app.jinja_env.globals["file"] = console.file
    app.context_processor(console.facts)
    signing.set_up(app, settings)
    for area in {each.bp for each in AREAS}:
        app.register_blueprint(area)
    if settings.demo_clock:
        app.register_blueprint(demo_clock.bp)
        app.context_processor(demo_clock.facts)
    app.after_request(lambda response: console.guarded(response) if _of_the_console() else response)


def _of_the_console() -> bool:
    return request.path.startswith("/console/") or request.path == "/console"


class Web(Flask):
    """A Flask that names no address in its log: those of a member's pages are secrets."""

    def log_exception(self, exc_info: ExcInfo) -> None:
        """The door, and what went wrong behind it."""
        log.error("%s %s failed", request.method, request.endpoint, exc_info=exc_info)


class SessionsForPages(SecureCookieSessionInterface):
    """A provider's call has no session: opening one for each costs as much as checking its signature."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return None if request.path.startswith("/webhooks/") else super().open_session(app, request)


def _plain(error: HTTPException) -> Response:
    """A refusal with its name and nothing else: no page, no echo of what was sent. To staff, a page."""
    if _of_the_console():
        return console.failed(error)
    return Response(f"{error.name}\n", status=error.code, mimetype="text/plain")


def _database_away(error: Exception) -> Response:
    """Nothing was kept: say so, and the provider will send it again."""
    log.error("the database did not answer: %s", type(error).__name__)
    if _of_the_console():
        return console.failed(ServiceUnavailable())
    return Response("Not now\n", status=503, mimetype="text/plain", headers={"Retry-After": "5"})
