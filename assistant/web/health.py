"""Is this process alive, and could it serve?"""

import psycopg
from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from assistant.web.here import here

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """This process answers."""
    return jsonify(ok=True)


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The database answers too, and has this code's tables."""
    try:
        with here().runtime.unit_of_work() as uow:
            uow.sql("SELECT 1 FROM inbound_event LIMIT 1")
    except (SQLAlchemyError, psycopg.Error):
        return jsonify(ok=False, database="does not answer"), 503
    return jsonify(ok=True), 200
