"""Mail that goes out: written as a row, let through its own gate, composed with what threads it and ends offers."""

import re
from base64 import b32encode
from datetime import datetime, timedelta

from assistant.db.messages import Leased
from assistant.domain.consent import Blocked, MailState, MessageClass, may_mail
from assistant.domain.quiet_hours import Open
from assistant.doorbells import Doorbell
from assistant.gateways.email_port import Mail
from assistant.messages import render_email
from assistant.messages.message import Message
from assistant.messages.render_email import Letterhead
from assistant.runtime import UnitOfWork
from assistant.services import mail_threads, membership_links, tasks, unsubscribing
from assistant.services.addressing import Addressee, Answering

LIFE = {
    MessageClass.OPTOUT_CONFIRM: timedelta(minutes=5),
    MessageClass.CONVERSATION_REPLY: timedelta(hours=24),
    MessageClass.TRANSACTIONAL: timedelta(days=3),
    MessageClass.MARKETING: timedelta(hours=24),
}
"""After this a mail is too old to be worth reading; a notice waits out a bad key."""
DOUBT = timedelta(minutes=30)
"""How long SendGrid's events have to tell of a mail whose answer was lost: it cannot be looked up."""
STOPPED_FOR = timedelta(minutes=5)
"""How soon mail that a switch holds is looked at again."""
MOST_SENDS = 2
"""A notice in doubt is handed over once more, and then a person is told."""
SAME_THREAD = timedelta(days=30)
"""So long one address and client keep their reply address: its token holds for ninety days."""
ONE_ID = re.compile(r"<?([!-;=?A-~]{1,200}@[!-;=?-~]{1,200})>?")
MOST_REFERENCES = 20
MOST_SUBJECT = 150
WRITE = """
    INSERT INTO outbound_message (spa_id, key, channel, client_id, recipient, message, message_class, locale, body,
                                  segments, answers_event_id, owed_invoice_id, created_at, due_at, expires_at, subject,
                                  html, message_id, in_reply_to, reference_ids, reply_to)
    VALUES (%(spa)s, %(key)s, 'email', %(client)s, %(to)s, %(name)s, %(class)s, %(locale)s, %(body)s, 0, %(answers)s,
            %(owed)s, %(now)s, %(now)s, %(until)s, %(subject)s, %(html)s, %(id)s, %(in_reply_to)s, %(references)s,
            %(reply_to)s) ON CONFLICT DO NOTHING"""
UNTOLD = frozenset({"unreachable", "suppressed", "too_old", "refused", "in_doubt", "bounced", "dropped", "no_address"})


def write(
    uow: UnitOfWork,
    to: Addressee,
    message: Message,
    *,
    key: str,
    answers: int | None = None,
    owed_invoice: int | None = None,
) -> None:
    """Write down a mail, once for its key, with its own Message-ID and the address that its answer comes back to."""
    words = render_email.email(message, to.locale, _letterhead(uow, to, _offers_end_at(uow, to, message)))
    seal, domain = uow.links.seal, domain_of(uow)
    uow.sql(
        WRITE,
        {
            "spa": to.spa_id,
            "key": key,
            "client": to.client_id,
            "to": to.number.lower(),
            "name": words.name,
            "class": message.message_class.value,
            "locale": to.locale,
            "body": seal.close(words.text),
            "answers": answers,
            "owed": owed_invoice,
            "now": uow.now,
            "until": uow.now + LIFE[message.message_class],
            "subject": _subject(words.subject, to.answering),
            "html": seal.close(words.html),
            "id": f"<{b32encode(uow.links.random_bytes(20)).decode().lower()}@{domain}>",
            "in_reply_to": in_reply_to(to.answering),
            "references": references(to.answering),
            "reply_to": _reply_to(uow, to, domain),
        },
    )
    uow.later(Doorbell.DELIVER)


def domain_of(uow: UnitOfWork) -> str:
    """Where our mail comes from."""
    return uow.links.mail_domain or "localhost.invalid"


def _offers_end_at(uow: UnitOfWork, to: Addressee, message: Message) -> str | None:
    """The page that ends offers, for an offer."""
    offers = message.message_class is MessageClass.MARKETING
    return unsubscribing.address(uow, to.spa_id, to.number) if offers else None


def _letterhead(uow: UnitOfWork, to: Addressee, unsubscribe_url: str | None) -> Letterhead:
    [[name, phone, postal, accent]] = uow.sql(
        "SELECT name, help_phone, postal_address, accent FROM spa WHERE spa_id = %s", (to.spa_id,)
    ).fetchall()
    manage = membership_links.address(uow, to.spa_id, to.client_id) if to.client_id is not None else ""
    return Letterhead(name, phone, postal or "", unsubscribe_url or "", accent or "", manage)


def _reply_to(uow: UnitOfWork, to: Addressee, domain: str) -> str | None:
    """The address of the thread, as before where there was one lately; none for somebody we do not know."""
    if to.client_id is None:
        return None
    row = uow.sql(
        "SELECT reply_to FROM outbound_message WHERE spa_id = %s AND recipient = %s AND client_id = %s"
        " AND reply_to IS NOT NULL AND created_at > %s ORDER BY id LIMIT 1",
        (to.spa_id, to.number.lower(), to.client_id, uow.now - SAME_THREAD),
    ).fetchone()
    if row is not None:
        return str(row[0])
    token = mail_threads.open_thread(uow, to.spa_id, to.client_id, to.number)
    return uow.links.seal.close_all(f"m+{token}@{domain}".encode())


def _subject(words: str, answering: Answering | None) -> str:
    """Theirs where we answer a mail: else mail programs would not show the two together."""
    given = answering.subject if answering else ""
    theirs = " ".join("".join(each if each.isprintable() else " " for each in given).split())
    if not theirs:
        return words
    return (theirs if theirs.lower().startswith("re:") else f"Re: {theirs}")[:MOST_SUBJECT]


def in_reply_to(answering: Answering | None) -> str | None:
    """One Message-ID in its brackets; None for what is none: nothing of a stranger's goes into our headers unread."""
    ids = _ids(answering.message_id) if answering else []
    return ids[0] if len(ids) == 1 else None


def references(answering: Answering | None) -> str | None:
    """The chain and the mail that is answered, the last few of them."""
    if answering is None:
        return None
    chain = dict.fromkeys([*_ids(answering.references), *_ids(answering.message_id)])
    return " ".join(list(chain)[-MOST_REFERENCES:]) or None


def _ids(given: str) -> list[str]:
    return [f"<{found[1]}>" for each in given.split() if (found := ONE_ID.fullmatch(each))]


# --- the gate ---------------------------------------------------------------------------------------------------------


def verdict(uow: UnitOfWork, leased: Leased) -> Open | datetime | str:
    """Open, or why never. A word that is being kept about this address at this instant is waited for."""
    message_class = MessageClass(leased.message_class)
    state, postal = locked_state(uow, leased.spa_id, leased.recipient)
    if leased.expires_at <= uow.now:
        return "too_old"
    if leased.settled:
        return "settled"
    if isinstance(allowed := may_mail(message_class, state), Blocked):
        return allowed.reason
    if message_class is MessageClass.MARKETING and not postal:
        return "no_postal_address"
    if leased.sending_stopped:
        return uow.now + STOPPED_FOR
    return Open(1)


def locked_state(uow: UnitOfWork, spa_id: int, address: str) -> tuple[MailState, str | None]:
    """What may be sent to an address until this transaction ends, and the spa's postal address."""
    unsubscribing.row_of(uow, spa_id, address)
    [[suppressed, marketing, deliverable, postal]] = uow.sql(
        """SELECT e.suppressed_at IS NOT NULL, e.email_marketing, e.undeliverable_at IS NULL, s.postal_address
           FROM email e JOIN spa s ON s.spa_id = e.spa_id WHERE e.spa_id = %s AND e.address = %s FOR SHARE OF e""",
        (spa_id, address),
    ).fetchall()
    return MailState(suppressed=suppressed, marketing=marketing, deliverable=deliverable), postal


def compose(uow: UnitOfWork, leased: Leased) -> Mail:
    """The mail as it is handed over: nothing of it changes when it is handed over again."""
    [[spa, given, subject, html, message_id, in_reply_to, references, reply_to]] = uow.sql(
        """SELECT s.name, s.mail_address, m.subject, m.html, m.message_id, m.in_reply_to, m.reference_ids, m.reply_to
           FROM outbound_message m JOIN spa s ON s.spa_id = m.spa_id WHERE m.spa_id = %s AND m.id = %s""",
        (leased.spa_id, leased.id),
    ).fetchall()
    seal = uow.links.seal
    answered = seal.open_all(reply_to).decode() if reply_to else None
    sender = given or f"hello@{domain_of(uow)}"
    headers = {
        "Message-ID": message_id,
        "Auto-Submitted": "auto-replied" if in_reply_to else "auto-generated",
        **({"In-Reply-To": in_reply_to} if in_reply_to else {}),
        **({"References": references} if references else {}),
    }
    if leased.message_class == MessageClass.MARKETING:
        headers |= _list_headers(uow, leased, answered or sender)
    return Mail(
        spa_id=leased.spa_id,
        message_id=leased.id,
        sender=sender,
        sender_name=spa,
        recipient=leased.recipient,
        subject=subject,
        text=seal.open(leased.body),
        html=seal.open(html),
        reply_to=answered,
        headers=headers,
    )


def _list_headers(uow: UnitOfWork, leased: Leased, written_to: str) -> dict[str, str]:
    """One click ends offers, and so does a mail that says so (`rules.md` 4.3)."""
    page = unsubscribing.address(uow, leased.spa_id, leased.recipient)
    return {
        "List-Unsubscribe": f"<{page}>, <mailto:{written_to}?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


# --- what did not arrive ----------------------------------------------------------------------------------------------


def not_sent(uow: UnitOfWork, leased: Leased, reason: str) -> None:
    """A notice that mail could not bring: a person tells them another way (`rules.md` 4.11)."""
    if leased.channel == "email" and leased.message_class == MessageClass.TRANSACTIONAL:
        untold(uow, leased.spa_id, leased.id, reason)


def untold(uow: UnitOfWork, spa_id: int, message_id: int, reason: str) -> None:
    """Open it once for this notice; of anything else, and of what need not be said any more, nothing."""
    row = uow.sql(
        "SELECT client_id, message FROM outbound_message WHERE spa_id = %s AND id = %s AND channel = 'email'"
        " AND message_class = 'transactional'",
        (spa_id, message_id),
    ).fetchone()
    if row is not None and reason in UNTOLD:
        facts = {"message": row[1], "why": reason}
        tasks.open_task(uow, spa_id, key=f"mail_untold:{message_id}", kind="mail_untold", client_id=row[0], facts=facts)


def held(uow: UnitOfWork, leased: Leased, code: int) -> None:
    """SendGrid lets us send nothing: everything waits, and a person is told once a day."""
    key = f"mail_held:{code}:{uow.now:%Y-%m-%d}"
    tasks.open_task(uow, leased.spa_id, key=key, kind="mail_held", facts={"status": code})
