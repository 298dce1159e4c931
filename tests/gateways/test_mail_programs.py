"""Mail as people's programs send it: read again by our own reader, whatever the program, language, parts and form."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from werkzeug.http import parse_options_header

from assistant.domain import mail_trust
from assistant.domain.email_reply import new_words
from assistant.domain.mail_trust import Proofs
from assistant.sandbox.mail_posts import Envelope, Form, Parts, Travelling, mime, post
from assistant.sandbox.mail_programs import Program, Quoted, Written, written
from assistant.services.mail_in import Posted
from assistant.web.webhooks.sendgrid import posted

ANA, SPA = "ana@example.com", "m+1-abcdefghijklmnopqrstuvwxyz234567@mail.example.com"
AT = datetime(2026, 11, 20, 17, 3, tzinfo=UTC)
TEMPTING = Quoted(
    sender="hello@mail.example.com",
    sender_name="Fern & Lumen",
    recipient=ANA,
    subject="Re: A note for you",
    text="Reply STOP to opt out.\nCANCEL\n\n> PAUSE 2\n\n-- \nFern & Lumen\nStop offers by email\n",
    html="<html><body><p>Reply STOP to opt out.</p><p>CANCEL</p><blockquote>PAUSE 2</blockquote></body></html>",
    at=AT,
)
EVERY = list(product(Program, Parts, Form, ("en", "es")))
WORDS = {"en": "What\u2019s my balance?\n\nAnd can I pause?", "es": "¿Cuánto me queda?\n\nY quiero una pausa mañana"}
ENVELOPE = Envelope(ANA, "Ana Peña", SPA)
NAMED = {"Message-ID": "<one@example.com>", "In-Reply-To": "<a@mail.example.com>", "References": "<a@mail.example.com>"}


def sent(
    program: Program,
    parts: Parts = Parts.BOTH,
    form: Form = Form.PARSED,
    locale: str = "en",
    *,
    words: str | None = None,
    quoted: Quoted | None = TEMPTING,
    **more: Any,  # noqa: ANN401 - the fields of a mail
) -> Posted:
    made = written(program, WORDS[locale] if words is None else words, quoted, locale)
    mail = replace(travelling(made, parts), **more)
    content_type, raw = post(mail, form)
    kind, options = parse_options_header(content_type)
    assert kind == "multipart/form-data"
    return posted(raw, options["boundary"])


def travelling(made: Written, parts: Parts = Parts.BOTH) -> Travelling:
    return Travelling(ENVELOPE, "Ré: señales", NAMED, made, parts, AT)


@pytest.mark.parametrize(("program", "parts", "form", "locale"), EVERY)
@pytest.mark.parametrize("quoted", [TEMPTING, None], ids=["answers", "new"])
def test_only_the_new_words_are_read(
    program: Program, parts: Parts, form: Form, locale: str, quoted: Quoted | None
) -> None:
    mail = sent(program, parts, form, locale, quoted=quoted).mail
    assert (mail.text == "") == (parts is Parts.HTML)
    assert (mail.html is None) == (parts is Parts.PLAIN)
    assert [line for line in new_words(mail.text, mail.html).splitlines() if line] == [
        line for line in WORDS[locale].splitlines() if line
    ]


@pytest.mark.parametrize(("program", "parts"), list(product(Program, Parts)))
def test_it_does_quote(program: Program, parts: Parts) -> None:
    mail = sent(program, parts).mail
    assert "Reply STOP to opt out." in mail.text + (mail.html or ""), "or else nothing is proved by it"
    if mail.text and program is not Program.OUTLOOK:
        assert "> Reply STOP to opt out." in mail.text
        assert ">> PAUSE 2" in mail.text


@pytest.mark.parametrize("form", Form)
def test_who_and_what_it_answers_come_through(form: Form) -> None:
    read = sent(Program.OUTLOOK, form=form)
    assert (read.mail.author, read.mail.message_id, read.mail.subject) == (ANA, "one@example.com", "Ré: señales")
    assert read.mail.references == "<a@mail.example.com>"
    assert (read.envelope_from, read.envelope_to) == (ANA, (SPA,))
    assert read.mail.headers["from"] == (f"Ana Peña <{ANA}>",)


@pytest.mark.parametrize(("form", "proven"), list(product(Form, (True, False))))
def test_the_checks_of_the_sender(form: Form, proven: bool) -> None:
    read = sent(Program.GMAIL, form=form, envelope=Envelope(ANA, "", SPA, proven))
    assert mail_trust.is_authentic(Proofs(read.mail.author, read.envelope_from, read.spf, read.dkim)) is proven


def test_the_charset_is_the_programs_own() -> None:
    assert written(Program.OUTLOOK, "mañana \u2019", None, "es").charset == "windows-1252"
    assert written(Program.OUTLOOK, "ok \U0001f44d", None, "en").charset == "utf-8"
    assert written(Program.GMAIL, "mañana", None, "es").charset == "utf-8"
    made = written(Program.OUTLOOK, "mañana", None, "es")
    content_type, raw = post(travelling(made, Parts.PLAIN), Form.PARSED)
    assert "ma\u00f1ana".encode("windows-1252") in raw
    assert b'"text": "windows-1252"' in raw
    assert content_type.partition("boundary=")[2].encode() in raw


@pytest.mark.parametrize("form", Form)
def test_a_photo_is_counted_and_not_read(form: Form) -> None:
    read = sent(Program.IPHONE, form=form, words="", quoted=None, photo=True)
    assert read.mail.attachments == 1
    assert new_words(read.mail.text, read.mail.html) == ""


def test_a_long_chain_stays_whole() -> None:
    chain = " ".join(f"<{'x' * 40}{n}@mail.fernandlumen.example.com>" for n in range(12))
    made = written(Program.GMAIL, "hi", None, "en")
    mail = replace(travelling(made), headers=NAMED | {"References": chain})
    assert f"References: {chain}\r\n".encode() in mime(mail)
