"""A person at their mail: they write, answer, open, mark as junk, and press their program's own unsubscribe button."""

import re
from dataclasses import dataclass, replace
from uuid import uuid4
from zoneinfo import ZoneInfo

import requests

from assistant.sandbox.mail_posts import Envelope, Form, Parts, Travelling, post
from assistant.sandbox.mail_programs import Program, Quoted, written
from assistant.sandbox.sendgrid_facts import ADDRESS
from assistant.sandbox.sendgrid_shapes import Letter
from assistant.sandbox.sendgrid_side import SendGridSide

LONGEST_MAIL = 20_000
LINK = re.compile(r"<(https?://[^<>\s]+)>")
MAILTO = re.compile(r"<mailto:([^<>?\s]+)(?:\?subject=([^<>\s&]*))?[^<>]*>")
JUNK, GONE = "junk", "unsubscribed"


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail that somebody is about to send. Empty `to` and `subject` of an answer are those of what it answers."""

    author: str
    words: str
    to: str = ""
    subject: str = ""
    author_name: str = ""
    answers: str = ""
    """The id of a mail in the same box."""
    program: Program = Program.IPHONE
    parts: Parts = Parts.BOTH
    form: Form = Form.PARSED
    proven: bool = True
    photo: bool = False
    locale: str = "en"
    zone: str = "UTC"


def send(side: SendGridSide, draft: Draft) -> Letter:
    """Hand it in: kept, and posted to the web server. ValueError says what is wrong with it."""
    answered = _answered(side, draft)
    whole = _completed(draft, answered)
    at = side.book.clock.now().astimezone(ZoneInfo(whole.zone))
    headers = {"Message-ID": f"<{uuid4()}@{whole.author.rpartition('@')[2]}>", **_threading(answered)}
    made = written(whole.program, whole.words, _quoted(answered, whole.zone), whole.locale)
    envelope = Envelope(whole.author, whole.author_name, whole.to, whole.proven)
    mail = Travelling(envelope, whole.subject, headers, made, whole.parts, at, whole.photo)
    letter = Letter(
        id=side.book.new_id(),
        inbound=True,
        sender=whole.author,
        sender_name=whole.author_name,
        recipient=whole.to,
        reply_to="",
        subject=whole.subject,
        text="" if whole.parts is Parts.HTML else made.text,
        html="" if whole.parts is Parts.PLAIN else made.html,
        headers=headers,
        args={"words": whole.words, "program": whole.program.value, "form": whole.form.value},
        status="received",
        created_at=at,
    )
    return side.book.receive(letter, post(mail, whole.form))


def _answered(side: SendGridSide, draft: Draft) -> Letter | None:
    if not draft.answers:
        return None
    letter = side.book.letter(draft.answers)
    if letter is None or draft.author.lower() not in {letter.sender.lower(), letter.recipient.lower()}:
        raise ValueError("There is no such mail in this box.")
    return letter


def _completed(draft: Draft, answered: Letter | None) -> Draft:
    """With what a program fills in by itself, and checked."""
    to = draft.to.strip()
    subject = " ".join(draft.subject.split())
    if answered is not None:
        ours = answered.recipient if answered.inbound else answered.reply_to or answered.sender
        again = answered.subject if answered.subject.lower().startswith("re:") else f"Re: {answered.subject}"
        to, subject = to or ours, subject or again
    for address in (draft.author, to):
        if not ADDRESS.fullmatch(address):
            raise ValueError(f"{address or 'Nothing'} is not a mail address such as ana@example.com.")
    if not draft.words.strip() and not subject and not draft.photo:
        raise ValueError("Write something first.")
    if len(draft.words) > LONGEST_MAIL:
        raise ValueError(f"A mail has at most {LONGEST_MAIL} letters here.")
    return replace(draft, to=to, subject=subject, author=draft.author.lower())


def _threading(answered: Letter | None) -> dict[str, str]:
    named = answered.headers.get("Message-ID", "") if answered else ""
    if answered is None or not named:
        return {}
    chain = answered.headers.get("References") or answered.headers.get("In-Reply-To", "")
    return {"In-Reply-To": named, "References": f"{chain} {named}".strip()}


def _quoted(answered: Letter | None, zone: str) -> Quoted | None:
    if answered is None:
        return None
    return Quoted(
        sender=answered.sender,
        sender_name=answered.sender_name or answered.sender,
        recipient=answered.recipient,
        subject=answered.subject,
        text=answered.text,
        html=answered.html,
        at=answered.created_at.astimezone(ZoneInfo(zone)),
    )


# --- what a program does without words -------------------------------------------------------------------------------


def junk(side: SendGridSide, letter_id: str) -> None:
    """Marked as junk: the mailbox's provider tells SendGrid, and SendGrid the web server (`rules.md` 4.11)."""
    side.book.say(letter_id, "spamreport")
    side.book.mark(letter_id, JUNK)


def can_unsubscribe(letter: Letter) -> bool:
    """Whether a mail program shows its button: only where the mail says how (RFC 8058, RFC 2369)."""
    return not letter.inbound and "List-Unsubscribe" in letter.headers


def unsubscribe(side: SendGridSide, letter_id: str) -> None:
    """One click: the program posts by itself, or writes a mail where that is all it may do. ValueError: it failed."""
    letter = side.book.letter(letter_id)
    if letter is None or not can_unsubscribe(letter):
        raise ValueError("This mail does not say how to unsubscribe.")
    listed = letter.headers["List-Unsubscribe"]
    link, written_to = LINK.search(listed), MAILTO.search(listed)
    if link and letter.headers.get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click":
        _one_click(side, link[1])
    elif written_to:
        asked = Draft(letter.recipient, "", written_to[1], written_to[2] or "unsubscribe")
        send(side, replace(asked, program=Program.GMAIL, parts=Parts.PLAIN))
    else:
        raise ValueError("This mail has no button that works by itself: open its page.")
    side.book.mark(letter_id, GONE)


def _one_click(side: SendGridSide, link: str) -> None:
    """As RFC 8058 has it: a POST with one field; no cookie, no redirect followed. Only our own web server is asked."""
    if not side.public_base_url or not link.startswith(f"{side.public_base_url.rstrip('/')}/"):
        raise ValueError("The unsubscribe link leads away from this machine, and is not followed.")
    asked = {"List-Unsubscribe": "One-Click"}
    try:
        answer = requests.post(link, data=asked, timeout=(3.05, 10), allow_redirects=False)
    except (requests.ConnectionError, requests.Timeout):
        raise ValueError("The web server did not answer.") from None
    if answer.status_code != requests.codes.ok:
        raise ValueError(f"The web server answered with status {answer.status_code}.")
