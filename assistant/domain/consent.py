"""Who may be sent what: the one gate every text passes right before it is sent (`rules.md 0`, `1.1`, `1.7`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CONFIRM_WITHIN = timedelta(minutes=5)


class MessageClass(StrEnum):
    """What a text is, decided by its template and never at send time."""

    OPTOUT_CONFIRM = "optout_confirm"
    CONVERSATION_REPLY = "conversation_reply"
    TRANSACTIONAL = "transactional"
    MARKETING = "marketing"


class BlockReason(StrEnum):
    SUPPRESSED = "suppressed"
    UNREACHABLE = "unreachable"
    NO_CONSENT = "no_consent"
    NO_PEWC = "no_pewc"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class ContactState:
    """What one spa may do with one number; `suppressed` beats every consent, but for what `billing` asks back."""

    suppressed: bool
    sms_transactional: bool
    sms_marketing: bool
    reachable: bool
    stopped_at: datetime | None
    billing: bool = False
    """They opted out, and asked for the texts about their payments all the same (`features.md` E5)."""


@dataclass(frozen=True, slots=True)
class Allowed:
    pass


@dataclass(frozen=True, slots=True)
class Blocked:
    reason: BlockReason


def may_send(
    message_class: MessageClass, state: ContactState, now: datetime, *, about_money: bool = False
) -> Allowed | Blocked:
    """Whether a text of this class may go to this contact now.

    The confirmation of an opt-out is the one text a suppressed contact may get, within 5 minutes (`rules.md 1.7`); and
    what they asked for since: an answer to their own words, and what is about their money (`about_money`).
    """
    confirms = message_class is MessageClass.OPTOUT_CONFIRM
    asked_back = state.suppressed and state.billing and _asked_back(message_class, about_money=about_money)
    if state.suppressed and not confirms and not asked_back:
        return Blocked(BlockReason.SUPPRESSED)
    if confirms and (state.stopped_at is None or now - state.stopped_at > CONFIRM_WITHIN):
        return Blocked(BlockReason.TOO_LATE)
    if not state.reachable:
        return Blocked(BlockReason.UNREACHABLE)
    if message_class is MessageClass.TRANSACTIONAL and not state.sms_transactional and not asked_back:
        return Blocked(BlockReason.NO_CONSENT)
    if message_class is MessageClass.MARKETING and not state.sms_marketing:
        return Blocked(BlockReason.NO_PEWC)
    return Allowed()


def _asked_back(message_class: MessageClass, *, about_money: bool) -> bool:
    """Never an offer, whatever it is about."""
    return message_class is MessageClass.CONVERSATION_REPLY or (
        message_class is MessageClass.TRANSACTIONAL and about_money
    )


@dataclass(frozen=True, slots=True)
class MailState:
    """What one spa may do with one mail address."""

    suppressed: bool
    """They called our mail spam: only what answers their own mail is sent."""
    marketing: bool
    deliverable: bool


def may_mail(message_class: MessageClass, state: MailState) -> Allowed | Blocked:
    """Whether a mail of this class may go to this address. Mail knows no quiet hours (`rules.md` 4.1, 4.11)."""
    if not state.deliverable:
        return Blocked(BlockReason.UNREACHABLE)
    if state.suppressed and message_class in {MessageClass.TRANSACTIONAL, MessageClass.MARKETING}:
        return Blocked(BlockReason.SUPPRESSED)
    if message_class is MessageClass.MARKETING and not state.marketing:
        return Blocked(BlockReason.NO_CONSENT)
    return Allowed()
