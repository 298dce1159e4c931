"""The webhook's floor: bare Flask, one HMAC over the form, one statement that finds the member and keeps the text."""

import os
import threading
from base64 import b64encode
from hmac import compare_digest, digest
from pathlib import Path

import psycopg
from flask import Flask, Response, abort, request

from benchmarks.texts import MEMBERS, PATH, TOKEN, URL, phone

KEY = TOKEN.encode()
SCHEMA = Path(__file__).with_name("webhook.sql").read_text()
REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Hi %s, you have 3 credits.</Message></Response>'
KEEP = """
WITH member AS (
    SELECT id, first_name FROM member WHERE phone = %s
), kept AS (
    INSERT INTO inbound (message_sid, member_id, body) SELECT %s, id, %s FROM member ON CONFLICT DO NOTHING RETURNING 1
)
SELECT first_name, (SELECT count(*) FROM kept) FROM member
"""
KEPT = "SELECT message_sid, phone, body FROM inbound JOIN member ON member.id = member_id"

app = Flask(__name__)
mine = threading.local()


def prepare(database: str) -> None:
    """The tables, and everyone who may text."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA)
        with connection.cursor() as cursor, cursor.copy("COPY member FROM STDIN") as rows:
            for number in range(MEMBERS):
                rows.write_row((number + 1, phone(number), f"Member{number}", "active"))
        connection.execute("VACUUM ANALYZE member")


@app.post(PATH)
def inbound() -> Response:
    form = request.form
    words = URL + "".join(name + form[name] for name in sorted(form))
    wanted = b64encode(digest(KEY, words.encode(), "sha1")).decode()
    if not compare_digest(wanted, request.headers.get("X-Twilio-Signature", "")):
        abort(403)
    row = _connection().execute(KEEP, (form["From"], form["MessageSid"], form["Body"])).fetchone()
    assert row
    return Response(REPLY % row[0], mimetype="text/xml")


def _connection() -> psycopg.Connection:
    """One for each thread, kept."""
    if not hasattr(mine, "connection"):
        mine.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=0)
    return mine.connection
