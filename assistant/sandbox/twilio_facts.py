"""What Twilio and the carriers do by themselves: opt-out words and replies, segment counts, error sentences."""

import re

OPT_OUT_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
OPT_IN_WORDS = frozenset({"START", "UNSTOP"})
"""YES is Twilio's by default too; the runbook has it removed, since members say it to us (`rules.md` 1.12)."""
OPTED_OUT_REPLY = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
OPTED_IN_REPLY = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)

LONGEST_BODY = 1600
ERRORS = {
    20001: "Invalid parameter.",
    20003: "Authenticate",
    20009: "The message is still on its way and cannot be changed",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "The 'To' number {to} is not a valid phone number.",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number {sender} is not a valid, SMS-capable inbound phone number for your account.",
    21610: "Attempt to send to unsubscribed recipient",
    21612: "The message cannot be delivered: no route from {sender} to {to}.",
    21614: "'To' number {to} is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    30036: "Validity Period Expired",
}
"""Twilio's sentences: some quote the number, which is why ours never repeat them."""
HTTP_STATUS = {20003: 401, 20404: 404, 20429: 429}

REFUSED_NUMBERS = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
"""Twilio's own magic numbers for tests."""

E164 = re.compile(r"\+[1-9][0-9]{7,14}")
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("^{}\\[~]|€\f")


def opt_out_type(body: str) -> str | None:
    """STOP or START when the whole text is one of Twilio's single words, in any case; nothing else triggers it."""
    word = body.strip().upper()
    if word in OPT_OUT_WORDS:
        return "STOP"
    return "START" if word in OPT_IN_WORDS else None


def segments(body: str) -> int:
    """How many messages the carriers bill for this text: at least one (`rules.md` 3.7).

    Counted here apart from the assistant's own count, so that the two can be held against each other.
    """
    if all(letter in GSM or letter in GSM_EXTENSION for letter in body):
        return _parts([2 if letter in GSM_EXTENSION else 1 for letter in body], single=160, part=153)
    return _parts([2 if ord(letter) > 0xFFFF else 1 for letter in body], single=70, part=67)


def _parts(units: list[int], *, single: int, part: int) -> int:
    """A letter of two units is never split over a boundary."""
    if sum(units) <= single:
        return 1
    parts, room = 1, part
    for unit in units:
        if unit > room:
            parts, room = parts + 1, part
        room -= unit
    return parts


def refusal(sender: str, to: str, body: str) -> int | None:
    """Twilio's error for a message it would not look at any further, or None."""
    if not to:
        return 21604
    if not sender:
        return 21603
    if not body.strip():
        return 21602
    if not E164.fullmatch(to):
        return 21211
    if len(body) > LONGEST_BODY:
        return 21617
    return REFUSED_NUMBERS.get(to)


def sentence(code: int, *, sender: str = "", to: str = "") -> str:
    return ERRORS.get(code, "The message was not accepted.").format(sender=sender, to=to)
