"""The web application: doors and error pages, nothing else."""

import logging
from types import TracebackType

import psycopg
from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from assistant import wiring
from assistant.runtime import Runtime
from assistant.settings import Settings
from assistant.web import health
from assistant.web.here import Here
from assistant.web.member import offer
from assistant.web.webhooks import sendgrid, stripe, twilio

log = logging.getLogger(__name__)

ExcInfo = tuple[type, BaseException, TracebackType] | tuple[None, None, None]


def create_app(runtime: Runtime | None = None, settings: Settings | None = None) -> Flask:
    """An app on the runtime it is given, or on the environment's."""
    settings = settings or wiring.settings()
    runtime = runtime or wiring.runtime(settings)
    app = Web(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=256 * 1024, SECRET_KEY=settings.secret_key)
    app.extensions["assistant"] = Here(runtime, settings)
    app.session_interface = SessionsForPages()
    app.register_blueprint(health.bp)
    app.register_blueprint(twilio.bp)
    app.register_blueprint(stripe.bp)
    app.register_blueprint(sendgrid.bp)
    app.register_blueprint(offer.bp)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(SQLAlchemyError, _database_away)
    app.register_error_handler(psycopg.Error, _database_away)
    return app


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
    """A refusal with its name and nothing else: no page, no echo of what was sent."""
    return Response(f"{error.name}\n", status=error.code, mimetype="text/plain")


def _database_away(error: Exception) -> Response:
    """Nothing was kept: say so, and the provider will send it again."""
    log.error("the database did not answer: %s", type(error).__name__)
    return Response("Not now\n", status=503, mimetype="text/plain", headers={"Retry-After": "5"})
