"""The webhook's peer: Twilio's Flask quick-start as its guide has it, and an ORM session as one would write it."""

import os
from collections.abc import Callable
from functools import wraps

from flask import Flask, Response, abort, request
from sqlalchemy import BigInteger, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from benchmarks.servers import sqlalchemy
from benchmarks.texts import PATH, TOKEN, URL

app = Flask(__name__)
engine = create_engine(sqlalchemy(os.environ["DATABASE_URL"]), pool_size=10)


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "member"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    phone: Mapped[str]
    first_name: Mapped[str]
    state: Mapped[str]


class Inbound(Base):
    __tablename__ = "inbound"

    message_sid: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str]


def validate_twilio_request(view: Callable[[], Response]) -> Callable[[], Response]:
    """The guide's own decorator."""

    @wraps(view)
    def decorated() -> Response:
        validator = RequestValidator(TOKEN)
        if validator.validate(URL, request.form, request.headers.get("X-Twilio-Signature", "")):
            return view()
        return abort(403)

    return decorated


@app.post(PATH)
@validate_twilio_request
def inbound() -> Response:
    form, reply = request.form, MessagingResponse()
    with Session(engine) as session:
        if session.get(Inbound, form["MessageSid"]) is None:
            member = session.scalars(select(Member).where(Member.phone == form["From"])).one()
            name = member.first_name
            session.add(Inbound(message_sid=form["MessageSid"], member_id=member.id, body=form["Body"]))
            session.commit()
            reply.message(f"Hi {name}, you have 3 credits.")
    return Response(str(reply), mimetype="text/xml")
