"""What a campaign would be, before anything is sent: to whom, in which words, at what cost, and bringing what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from assistant.db import campaigns as table
from assistant.db.campaigns import Live
from assistant.domain import offer_lint, phones, segments
from assistant.domain.campaigns import Purpose
from assistant.domain.consent import MessageClass
from assistant.domain.offer_lint import Found
from assistant.domain.quiet_hours import Closed, window
from assistant.domain.sending import SEGMENTS_A_MINUTE, carriers_day
from assistant.domain.shares import Share, share
from assistant.runtime import UnitOfWork
from assistant.services import audience, campaign_results, plans, short_links
from assistant.services.campaigns import Refused
from assistant.services.offer_words import Client, OfferWords, Unfit

SAMPLES = 5
SLICE = 5_000
EXAMPLE_LINK_CODE = "abcdefghijklmnop"
PAST = 20
"""How many earlier campaigns of the kind are looked at for what can be expected."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One real person, and the very words they would get."""

    client_id: int
    name: str
    words: str
    segments: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What may come of it, by what came of the spa's earlier campaigns; None where there was none."""

    joins: Share
    people_low: int
    people: int
    people_high: int
    dues_cents: int
    """New dues a month, of as many as are expected."""
    credit_cents: int
    """New credit to be honoured a month, at what it is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """All of it. Whoever confirms types `audience`."""

    audience: int
    held_out: int
    excluded: dict[str, int]
    samples: tuple[Sample, ...]
    segments: int
    cost_millicents: int
    last_lands_at: datetime | None
    expected: Expected | None
    faults: tuple[Found, ...]
    warnings: tuple[Found, ...]

    def to_json(self) -> dict[str, Any]:
        """What is kept with the campaign, to be held against what came."""
        return {
            "audience": self.audience,
            "held_out": self.held_out,
            "excluded": self.excluded,
            "segments": self.segments,
            "cost_millicents": self.cost_millicents,
            "last_lands_at": None if self.last_lands_at is None else self.last_lands_at.isoformat(),
            "expected_joins": None if self.expected is None else self.expected.people,
            "faults": [f"{each.fault} {each.what}".strip() for each in self.faults],
        }


def preflight(uow: UnitOfWork, spa_id: int, campaign_id: int) -> Preflight:
    """Work it out; changes nothing. Raises `Refused` where there is no such campaign."""
    campaign = table.live(uow, spa_id, campaign_id)
    if campaign is None:
        raise Refused(f"there is no campaign {campaign_id}")
    return foretell(uow, campaign)


def foretell(uow: UnitOfWork, campaign: Live) -> Preflight:
    """The same of a campaign in hand, written down or not."""
    counted = _counted(uow, campaign)
    told = counted.chosen - counted.chosen * campaign.holdout_percent // 100
    samples = tuple(_samples(uow, campaign, counted.people))
    found = _linted(uow, campaign, samples)
    many = max((each.segments for each in samples), default=1) if campaign.channel == "sms" else 0
    start = max(uow.now, campaign.starts_at or uow.now)
    return Preflight(
        audience=counted.chosen,
        held_out=counted.chosen - told,
        excluded=counted.excluded,
        samples=samples,
        segments=told * many,
        cost_millicents=told * many * campaign.policy.segment_millicents,
        last_lands_at=_last_lands(campaign, counted.zones, told * many, start) if told else None,
        expected=_expected(uow, campaign, told),
        faults=tuple(each for each in found if each.forbids),
        warnings=tuple(each for each in found if not each.forbids),
    )


# ── who ──


@dataclass(slots=True)
class _Counted:
    chosen: int
    excluded: dict[str, int]
    people: list[Client]
    zones: frozenset[str]


COUNT = """
    WITH {judged}
    SELECT (SELECT max(id) FROM slice), count(*) FILTER (WHERE reason IS NULL),
           (SELECT jsonb_object_agg(reason, many) FROM (
               SELECT reason, count(*) AS many FROM judged WHERE reason IS NOT NULL GROUP BY reason) counted),
           (array_agg(client_id ORDER BY nth, length(first_name) DESC) FILTER (WHERE reason IS NULL))[1:5],
           (array_agg(first_name ORDER BY nth, length(first_name) DESC) FILTER (WHERE reason IS NULL))[1:5],
           (array_agg(locale ORDER BY nth, length(first_name) DESC) FILTER (WHERE reason IS NULL))[1:5],
           array_agg(DISTINCT coalesce(zone, '') || ' ' || left(address, 5)) FILTER (WHERE reason IS NULL)
    FROM (SELECT *, row_number() OVER (PARTITION BY reason, first_name ORDER BY client_id) AS nth FROM judged) j"""


def _counted(uow: UnitOfWork, campaign: Live) -> _Counted:
    """The whole audience, a slice of clients at a time."""
    judged = audience.judged(
        uow,
        campaign.spa_id,
        campaign.zone,
        campaign.audience,
        purpose=campaign.purpose,
        channel=campaign.channel,
        policy=campaign.policy,
        repeats=campaign.repeats,
    )
    counted, after, places = _Counted(0, {}, [], frozenset()), 0, set[str]()
    while True:
        values = judged.values | {"after": after, "many": SLICE}
        [[through, chosen, excluded, ids, names, locales, seen]] = uow.sql(
            COUNT.format(judged=judged.sql), values
        ).fetchall()
        if through is None:
            break
        counted.chosen += chosen
        for reason, many in (excluded or {}).items():
            counted.excluded[reason] = counted.excluded.get(reason, 0) + many
        people = [Client(*each, 0) for each in zip(ids or (), names or (), locales or (), strict=True)]
        counted.people = _kept(counted.people + people)
        places.update(seen or ())
        after = through
    counted.zones = _zones(campaign, places)
    return counted


def _kept(people: list[Client]) -> list[Client]:
    """Five names that differ, the longest first: what is too long for anyone is too long for one of them."""
    by_name = {each.first_name: each for each in sorted(people, key=lambda each: len(each.first_name))}
    return sorted(by_name.values(), key=lambda each: (-len(each.first_name), each.first_name))[:SAMPLES]


def _zones(campaign: Live, places: set[str]) -> frozenset[str]:
    """Every zone that anyone may be in."""
    if campaign.channel == "email":
        return frozenset({campaign.zone})
    found: set[str] = set()
    for place in places:
        zone, _, start = place.partition(" ")
        found |= phones.zones(f"{start}5550100", zone or campaign.zone)
    return frozenset(found)


# ── the words ──


def _samples(uow: UnitOfWork, campaign: Live, people: list[Client]) -> list[Sample]:
    words, found = OfferWords(uow, campaign), []
    link = f"{short_links.domain_of(uow, campaign.spa_id)}/o/{EXAMPLE_LINK_CODE}"
    for place, client in enumerate(people):
        arm = place % len(campaign.texts)
        body = words.of(Client(client.client_id, client.first_name, client.locale, arm), link=link)
        if not isinstance(body, Unfit):
            folded = segments.fold(body)
            found.append(Sample(client.client_id, client.first_name, folded, segments.count(folded).segments))
    return found


def _linted(uow: UnitOfWork, campaign: Live, samples: tuple[Sample, ...]) -> list[Found]:
    domain = short_links.domain_of(uow, campaign.spa_id).partition("://")[2].partition("/")[0].partition(":")[0]
    longest = max((each.words for each in samples), key=len, default=None)
    found = [
        each
        for text in campaign.texts
        for words in text.values()
        for each in offer_lint.lint(
            words, brand=campaign.spa, own_domains=(domain,), channel=campaign.channel, longest=longest
        )
    ]
    return list(dict.fromkeys(found))


# ── when, and what may come of it ──


def _last_lands(campaign: Live, zones: frozenset[str], segments_in_all: int, start: datetime) -> datetime:
    """When the last one will have been sent, by the hours of every zone, the carrier's minutes and its days."""
    at, left = start, segments_in_all
    policy, rate = campaign.policy, SEGMENTS_A_MINUTE[campaign.policy.tier]
    if campaign.channel == "email":
        return at + timedelta(seconds=left)
    today, sent = carriers_day(at), 0
    for _ in range(4_000):
        match window(MessageClass.MARKETING, zones, at):
            case Closed(until):
                at = until
                continue
            case opening:
                seconds = opening.seconds_left
        if carriers_day(at) != today:
            today, sent = carriers_day(at), 0
        fits = min(left, seconds * rate // 60, policy.offers_today - sent)
        left, sent, at = left - fits, sent + fits, at + timedelta(seconds=-(-fits * 60 // rate))
        if left <= 0:
            return at
        if sent >= policy.offers_today or fits == 0:
            at = max(at, start) + timedelta(minutes=30)
    return at


def _expected(uow: UnitOfWork, campaign: Live, told: int) -> Expected | None:
    """By the joins of earlier campaigns over those held out of them; nothing is foretold where nothing is known."""
    if campaign.purpose is not Purpose.JOIN or campaign.plan_code is None or not told:
        return None
    earlier = uow.sql(
        "SELECT id FROM campaign WHERE spa_id = %s AND purpose = 'join' AND status IN ('done', 'stopped') AND id <> %s"
        " ORDER BY id DESC LIMIT %s",
        (campaign.spa_id, campaign.id, PAST),
    ).fetchall()
    sent = joined = 0
    for (each,) in earlier:
        found = campaign_results.results(uow, campaign.spa_id, each, segment_millicents=0)
        sent, joined = sent + found.told.sent, joined + found.told.joined
    plan = next((each for each in plans.on_offer(uow, campaign.spa_id) if each.code == campaign.plan_code), None)
    if not sent or plan is None:
        return None
    rate = share(min(joined, sent), sent)
    people = round(told * rate.share)
    return Expected(
        joins=rate,
        people_low=int(told * rate.low),
        people=people,
        people_high=ceil(told * rate.high),
        dues_cents=people * plan.math.dues_cents,
        credit_cents=people * plan.math.included_cents,
    )
