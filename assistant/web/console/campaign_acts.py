"""Sending a campaign to more people than one hand may: another person says yes to its very words and number."""

from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.db import campaigns as table
from assistant.db.campaigns import Live
from assistant.domain.campaigns import CampaignStatus
from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.runtime import UnitOfWork
from assistant.services import campaigns as service
from assistant.services.campaigns import Refused
from assistant.services.preflight import preflight
from assistant.web.console import moment
from assistant.web.console.acts import Act, Ask, Cannot, Offered

CHANGED = "It is no draft any more, or its words cannot be sent."


def hour(campaign: Live, typed: str) -> datetime | None:
    """The hour that was typed, on the spa's clock; None for at once.

    Raises `ValueError` for what is no hour, or one that the change of the clocks makes twice or not at all.
    """
    if not typed.strip():
        return None
    at = datetime.fromisoformat(typed.strip()).replace(tzinfo=ZoneInfo(campaign.zone))
    if at.utcoffset() != at.replace(fold=1).utcoffset():
        raise ValueError("the clocks change in that hour")
    return at


def _quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    campaign = table.live(uow, ask.spa_id, ask.number("campaign") or 0, lock=True)
    if campaign is None or campaign.status is not CampaignStatus.DRAFT:
        return Cannot(CHANGED)
    found = preflight(uow, ask.spa_id, campaign.id)
    if found.faults:
        return Cannot(CHANGED)
    at = hour(campaign, ask.answers.get("at", ""))
    lines = (
        ("Campaign", campaign.name),
        ("Goes to", f"{found.audience:,} people"),
        ("Costs", str(Money(round(found.cost_millicents / 1000)))),
        ("Begins", moment(at) if at else "a minute after the yes"),
        *(("Says", words) for text in campaign.texts for words in text.values()),
    )
    most = ask.by.limits.recipients
    over = f"You may send to {most:,} people at once by yourself." if found.audience > most else ""
    return Offered((service.mark(campaign), found.audience), lines, over)


def _send(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    campaign_id, (_, audience) = ask.number("campaign") or 0, offered.value
    campaign = table.live(uow, ask.spa_id, campaign_id)
    at = hour(campaign, ask.answers.get("at", "")) if campaign else None
    told = preflight(uow, ask.spa_id, campaign_id).to_json()
    try:
        begins = service.confirm(uow, ask.spa_id, campaign_id, typed=audience, foretold=told, at=at, actor=ask.by.actor)
    except Refused as refused:
        return Cannot(f"{refused.args[0][0].upper()}{refused.args[0][1:]}.")
    return f"It begins {moment(begins)}. Until then it can be taken back."


SEND = Act("campaign-send", "Send a campaign", Permission.SEND_CAMPAIGNS, _quote, _send, danger=True)
