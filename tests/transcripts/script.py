"""Reads a conversation that anyone at a spa could write, and plays it on a whole spa with a stopped clock.

    # What it shows, in one sentence.
    it is Nov 20 at 11:00                       (at the spa; may be left out)
    given the spa speaks Spanish                (may be left out)
    given the spa is open weekdays 9:00-13:00 14:00-18:00, closed Nov 26
    given the spa offers Radiance at $249.00 with 2 visit credits
    given Ana, member of Glow since Aug 15, phone 0110, speaks Spanish
      and 3 visit credits, 1 visit credit of Sep 15, 1 extra until Dec 5, 0.5 visit credits used
    > BALANCE                                   the first person's phone texts
    from 0111 > BALANCE                         another phone texts
    > (a picture) for you                       > (blank) is a text with nothing in it
    < Ana, you have 3 visit credits.            all that comes back, to the letter; < nothing
    < (carrier) You have successfully ...       what the carrier says by itself
    (2 minutes pass)                            without this line the next text comes a second later
    (the dues are charged)                      the day is billed; what is texted comes below, as after a text
    (a new card is put on file)                 by the link in the last text, on the card processor's page
    < (mail) Ana, you will get no more ...      what is mailed, on one line and without the letterhead
    by mail > what's my balance                 an answer to the last mail
    (the link is opened and left)               its digits are typed, and nothing on the page behind it
    > (the token)                               what the last such text asked back for; it is written S47 or P47 here
    > (the other token)                         the second of two that it names
    < ... confirmation CODE                     whatever number it is
    (wrong digits are typed 5 times)            on the page of the last link, which is locked by then
    (the bank gives no answer)                  until `(the bank answers again)`
    (4242 4242 is nowhere)                      neither with us nor with the carrier

Instead of `since`: `member of Glow from Dec 1` has not begun. Also: `past due`, `suspended`, `paused`,
`paused until Feb 1`, `left on Nov 2`, `lives in NM`, `dues $249.00`, `$50.00`, `pays at the desk`, `pays by the year`,
`may not rest`, `may rest 1 time a year`, `may rest after 90 days`, `for 12 months at least`, `also phone 0111`,
`mail ana@example.com`, `never agreed to texts`, `3 visits at $180.00`, `card` on file, `card that says expired_card`,
`card that says do_not_honor once`. A link is written LINK. A date without a year is the nearest one, back or ahead as
the words ask.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from assistant.db.connections import Database
from assistant.db.spas import Service
from assistant.db.tables import METADATA
from assistant.domain.calendar import local_day, next_charge
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.credits import MILLI, LotClass, Short
from assistant.domain.ledger import USD
from assistant.domain.mail import from_mime
from assistant.domain.membership import Standing
from assistant.domain.opening_hours import Closed, Hours, Span
from assistant.domain.plans import GrantTerms, Terms
from assistant.domain.tickets import Quote, Tender
from assistant.sandbox.book import Search
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.services import cards, checkout, credits, mail_in, opening_hours, plans, sweep, unfinished, verification
from assistant.services.credits import Grant
from assistant.services.mail_in import Posted
from tests.world import SPA_NUMBER, World

SPA_ZONE = ZoneInfo("America/Denver")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
MORNING = time(11)
NEVER = "never agreed to texts"
SALE = r"(\d) visits? at \$([\d.]+)"
A_SECOND = timedelta(seconds=1)
DAY = r"[A-Z][a-z]{2} \d{1,2}(?: \d{4})?"
CREDIT = (
    r"(?:([\d.]+) (visit) credits?|([\d.]+) (extra)s?|\$([\d.]+))"
    rf"(?: of ({DAY}))?(?: until ({DAY}))?( used)?"
)


LINK = re.compile(r"https://\S+/(?:card|join|membership)/[\w-]+")
CODE = re.compile(r"\b([Cc]onfirmation:?|[Cc]lave:?|Confirmaci.n:) [A-Z0-9]{6}\b")
TOKEN = re.compile(r"\b([SPRLJCKB])\d\d\b")


class UnreadableError(Exception):
    """A line that says nothing the format knows."""


class WrongAnswerError(AssertionError):
    """Something else came back than the conversation says."""


@dataclass
class Stage:
    """The spa while a conversation is played on it."""

    world: World
    first_phone: str = ""
    phone: str = ""
    """The one that texted last."""
    person: int = 0
    """The one who was given last."""
    heard: int = 0
    mail: str = ""
    """The first person's address."""
    read: int = 0
    """How many mails of it have been."""
    pause: timedelta = timedelta(0)
    """Nobody texts twice in the same instant."""
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def today(self) -> date:
        return local_day(self.world.clock.now(), self.world.spa.zone)


def play(text: str, database: Database) -> None:
    """Play a conversation; raises where the spa says something else, or nobody could tell what a line means."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    (_, title), *lines = [(number, line) for number, line in lines if line]
    if not re.fullmatch(r"# \S.*[.?!]", title):
        raise UnreadableError("line 1: it begins with `# ` and a sentence that says what it shows")
    begins = datetime(2026, 11, 20, 11, tzinfo=SPA_ZONE)
    if opening := re.fullmatch(rf"it is ({DAY}) at (\d\d?):(\d\d)", lines[0][1]):
        day = _nearest(opening[1], begins.date(), ahead=True)
        begins, lines = datetime.combine(day, time(int(opening[2]), int(opening[3])), SPA_ZONE), lines[1:]
    with World.begun(database, begins.astimezone(UTC)) as world:
        stage = Stage(world)
        for number, line, answers in _with_answers(lines):
            _act(stage, number, line)
            _compare(stage, number, line, answers)
        _all_is_well(world)


def _with_answers(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str, list[str]]]:
    """Each line with the `<` lines below it."""
    while lines:
        (number, line), *lines = lines
        answers = []
        while lines and lines[0][1].startswith("<"):
            answers.append(lines.pop(0)[1].removeprefix("<").strip())
        if ("> " in line) != bool(answers) and not line.startswith("("):
            raise UnreadableError(f"line {number}: after a text, and only there, comes `< words` or `< nothing`")
        yield number, line, [] if answers == ["nothing"] else answers


def _act(stage: Stage, number: int, line: str) -> None:
    for pattern, act in ACTS.items():
        if found := re.fullmatch(pattern, line):
            try:
                act(stage, *found.groups())
            except UnreadableError as error:
                raise UnreadableError(f"line {number}: {error}") from None
            return
    raise UnreadableError(f"line {number}: nobody can tell what this means: {line}")


def _compare(stage: Stage, number: int, line: str, wanted: list[str]) -> None:
    sent = [each for each in stage.world.book.search(Search())[::-1] if each.direction.startswith("outbound")]
    came = [
        ("(carrier) " if each.direction == "outbound-reply" else "")
        + ("" if each.recipient == stage.phone else f"(to {each.recipient[-4:]}) ")
        + _as_written(each.body)
        for each in sent[stage.heard :]
    ]
    stage.heard = len(sent)
    came += _mailed(stage)
    if came != wanted:
        told = "\n".join(f"  < {words}" for words in came or ["nothing"])
        expected = "\n".join(f"  < {words}" for words in wanted or ["nothing"])
        raise WrongAnswerError(f"line {number}: {line}\nexpected\n{expected}\nbut there came\n{told}")


def _mailed(stage: Stage) -> list[str]:
    letters = stage.world.mailed(stage.mail) if stage.mail else []
    new, stage.read = letters[stage.read :], len(letters)
    bodies = [each.text.partition("\n-- \n")[0] for each in new]
    return [f"(mail) {_as_written(' '.join(body.split()))}" for body in bodies]


def _as_written(words: str) -> str:
    """Without what is another each time."""
    return CODE.sub(r"\1 CODE", TOKEN.sub(r"\g<1>47", LINK.sub("LINK", words)))


def _all_is_well(world: World) -> None:
    """However it went, the books are right and nothing is left undone."""
    with world.rt.unit_of_work() as uow:
        wrong = [str(each) for each in verification.differences(uow)]
        undone = uow.sql("SELECT body, status FROM inbound_event WHERE status NOT IN ('answered', 'silent')")
        unsent = uow.sql("SELECT body, status FROM outbound_message WHERE status NOT IN ('delivered', 'dropped')")
        left = undone.fetchall() + unsent.fetchall()
    if wrong or left:
        raise WrongAnswerError(f"afterwards the books say {wrong}, and not done is {left}")


# --- what a line may say ----------------------------------------------------------------------------------------------


def _spa_speaks_spanish(stage: Stage) -> None:
    stage.world.rows("UPDATE spa SET locale = 'es' WHERE number = %s RETURNING 1", [SPA_NUMBER])


def _spa_is_open(stage: Stage, hours: str, off: str | None) -> None:
    """From Monday to Friday."""
    spans = [[int(h) * 60 + int(m) for h, m in re.findall(r"(\d\d?):(\d\d)", each)] for each in hours.split()]
    week = tuple(tuple(Span(*each) for each in spans) if day < 5 else () for day in range(7))
    closed = (Closed(_nearest(off, stage.today, ahead=True)),) if off else ()
    with stage.world.rt.unit_of_work() as uow:
        opening_hours.keep(uow, stage.world.spa.spa_id, Hours(week, closed), actor="staff:1")


def _spa_offers(stage: Stage, name: str, dollars: str, many: str) -> None:
    """A plan that can be joined, with so many visit credits a month."""
    terms = Terms(dues_cents=int(Decimal(dollars) * 100), grants=(GrantTerms("visit", int(many) * MILLI),))
    with stage.world.rt.unit_of_work() as uow:
        plans.offer(uow, stage.world.spa.spa_id, name.lower(), name, terms, actor="staff:1")


def _given(stage: Stage, name: str, rest: str) -> None:
    clauses = rest.split(", ")[1:]
    phones = [clause for clause in clauses if re.fullmatch(r"(?:also )?phone 01\d\d", clause)]
    number = _number(phones[0][-4:] if phones else "0110")
    stage.first_phone = stage.first_phone or number
    stage.person = stage.world.client(name, number, locale="es" if "speaks Spanish" in clauses else "en")
    for other in phones[1:]:
        stage.world.phone(stage.person, _number(other[-4:]))
    cards = [each for each in clauses if each.startswith("card")]
    homes = [each for each in clauses if re.fullmatch(r"lives in [A-Z]{2}", each)]
    mails = [each for each in clauses if re.fullmatch(r"mail \w+@example\.com", each)]
    others = [each for each in clauses if each not in {*phones, *cards, *homes, *mails, "speaks Spanish", NEVER}]
    if NEVER in clauses:
        stage.world.rows("UPDATE phone SET sms_transactional = false WHERE number = %s RETURNING 1", [number])
    for each in (each for each in others if re.fullmatch(SALE, each)):
        _was_here(stage, each)
    others = [each for each in others if not re.fullmatch(SALE, each)]
    for each in mails:
        stage.mail = stage.mail or each.removeprefix("mail ")
        stage.world.mailbox(stage.person, each.removeprefix("mail "))
    for each in homes:
        stage.world.rows("UPDATE client SET region = %s WHERE id = %s RETURNING 1", [each[-2:], stage.person])
    _enrol(stage, [each for each in others if not _gives(stage, each)])
    for each in cards:
        _card(stage, each)


def _was_here(stage: Stage, clause: str) -> None:
    """So many visits, each paid in cash just now at that price; one visit credit would have paid for one."""
    [(many, dollars)] = re.findall(SALE, clause)
    world, spa_id = stage.world, stage.world.spa.spa_id
    for number in range(int(many)):
        with world.rt.unit_of_work() as uow:
            if not number:
                cents = int(Decimal(dollars) * 100)
                about: dict[str, Any] = {"code": f"of-{stage.person}", "name": "Visit", "category": "care"}
                uow.session.add(Service(spa_id=spa_id, list_price_cents=cents, credit_unit="visit", **about))
                uow.session.flush()
            quote = checkout.quote(uow, spa_id, stage.person, Cart(lines=(CartLine(code=f"of-{stage.person}"),)))
        if not isinstance(quote, Quote):
            raise UnreadableError(f"`{clause}`: it cannot be sold")
        key = f"visit:{next(stage.numbers)}"
        checkout.commit(world.rt, spa_id, stage.person, quote.cart, quote, key=key, tender=Tender.CASH, actor="staff:1")
    stage.heard = len(world.book.search(Search()))
    world.settle()
    stage.heard = len(world.book.search(Search()))


def _card(stage: Stage, clause: str) -> None:
    found = re.fullmatch(r"card(?: that says (\w+)( once)?)?", clause)
    if not found:
        raise UnreadableError(f"nobody can tell what `{clause}` says of a card")
    method = stage.world.card(stage.person)
    if code := found[1]:
        once = [Verdict(code)] if found[2] else []
        stage.world.stripe.behave(method, *once, standing=None if once else Verdict(code))


def _enrol(stage: Stage, clauses: list[str]) -> None:
    """What the clauses say of a membership; none of them is no membership."""
    if not clauses:
        return
    terms: dict[str, Any] = {}
    for clause in clauses:
        terms |= _term(clause, stage.today)
    if "anchor_on" not in terms:
        raise UnreadableError("a membership needs `member of Glow since Aug 15`")
    if "terms" in terms:
        dues = {"dues_cents": terms.get("dues_cents", 14_900), "grants": [{"unit": "visit", "amount": MILLI}]}
        terms["terms"] = dues | terms["terms"]
    stage.world.enrol(stage.person, first_cycle=_first_unbilled(terms["anchor_on"], stage.today), **terms)


def _first_unbilled(anchor_on: date, today: date) -> int:
    """What was before today was billed then, and by others."""
    return next_charge(anchor_on, 1, today - timedelta(days=1))[0]


def _term(clause: str, today: date) -> dict[str, Any]:
    for pattern, term in TERMS.items():
        if found := re.fullmatch(pattern, clause):
            return term(today, *found.groups())
    raise UnreadableError(f"nobody can tell what `{clause}` says of a member")


def _and(stage: Stage, clauses: str) -> None:
    for clause in clauses.split(", "):
        if not _gives(stage, clause):
            raise UnreadableError(f"`{clause}` is no credit")


def _gives(stage: Stage, clause: str) -> bool:
    """`3 visit credits`, `1 extra until Dec 5`, `2 visit credits of Sep 15`, `$50.00`, `1 visit credit used`."""
    found = re.fullmatch(CREDIT, clause)
    if not found:
        return False
    visits, visit, extras, extra, dollars, of, until, used = found.groups()
    unit = visit or extra or USD
    amount = int(Decimal(visits or extras or dollars) * (100 if dollars else MILLI))
    world, key = stage.world, f"{clause}:{next(stage.numbers)}"
    with world.rt.unit_of_work() as uow:
        if used:
            spa = world.spa
            taken = credits.spend(
                uow, spa.spa_id, client_id=stage.person, unit=unit, amount=amount, key=key, zone=spa.zone
            )
            if isinstance(taken, Short):
                raise UnreadableError(f"`{clause}`: there are not so many")
        else:
            at = datetime.combine(_nearest(of, stage.today, ahead=False), MORNING, SPA_ZONE) if of else uow.now
            expires_on = _nearest(until, stage.today, ahead=True) if until else None
            lot_class = LotClass.PROMO if until else LotClass.PAID
            grant = Grant(key, stage.person, unit, amount, lot_class, at, expires_on, paid_cents=0)
            credits.grant(uow, world.spa.spa_id, world.spa.zone, [grant])
    return True


def _says(stage: Stage, sender: str | None, picture: str | None, body: str) -> None:
    stage.world.clock.advance(stage.pause)
    stage.phone, stage.pause = _number(sender) if sender else stage.first_phone or _number("0110"), A_SECOND
    stage.world.text("" if body == "(blank)" else body, stage.phone, media=int(bool(picture)))
    stage.world.settle()


def _says_the_token(stage: Stage, sender: str | None, other: str | None) -> None:
    phone = _number(sender) if sender else stage.phone
    texts = [[found[0] for found in TOKEN.finditer(each)] for each in stage.world.received(phone)]
    tokens = [each for each in texts if len(each) > bool(other)]
    if not tokens:
        raise UnreadableError("no text asked for a token")
    _says(stage, phone[-4:], None, tokens[-1][bool(other)])


def _writes_a_mail(stage: Stage, words: str) -> None:
    """In the thread of the last mail, from its own address, proven."""
    last = stage.world.mailed(stage.mail)[-1]
    if words == "(the token)":
        words = TOKEN.findall(last.text) and TOKEN.search(last.text)[0]  # type: ignore[index,assignment]
    stage.world.clock.advance(A_SECOND)
    posted = Posted(
        from_mime(
            f"From: <{stage.mail}>\r\nTo: {last.reply_to}\r\nSubject: Re: {last.subject}\r\n"
            f"Message-ID: <{next(stage.numbers)}@example.com>\r\nContent-Type: text/plain\r\n\r\n{words}\r\n".encode()
        ),
        stage.mail,
        (last.reply_to,),
        "pass",
        "{@example.com : pass}",
    )
    mail_in.keep(stage.world.rt, posted)
    stage.world.settle()


def _is_billed(stage: Stage) -> None:
    stage.phone = stage.phone or stage.first_phone
    stage.world.bill()


def _new_card(stage: Stage) -> None:
    _link_is_opened(stage)
    [(page,)] = stage.world.rows("SELECT page_id FROM card_page ORDER BY id DESC LIMIT 1")
    stage.world.stripe.type_card(str(page), "4242424242424242")
    stage.world.settle()


def _link_is_opened(stage: Stage) -> None:
    link = LINK.findall(stage.world.received(stage.phone)[-1])
    if not link:
        raise UnreadableError("the last text has no link")
    opened = cards.open_page(stage.world.rt, link[-1].rpartition("/")[2], stage.phone[-4:], return_url=link[-1])
    if not isinstance(opened, cards.Redirect):
        raise UnreadableError(f"the link did not open: {opened}")


def _wrong_digits(stage: Stage, many: str) -> None:
    """On the page of the last link, and on those that are asked for when it is locked."""
    for _ in range(int(many)):
        link = [found for each in stage.world.received(stage.phone) for found in LINK.findall(each)][-1]
        opened = cards.open_page(stage.world.rt, link.rpartition("/")[2], "0000", return_url=link)
        if opened == cards.NotOpened("locked"):
            raise UnreadableError("the link is locked after five")


def _time_passes(stage: Stage, many: str, unit: str) -> None:
    stage.world.pass_time(timedelta(**{f"{unit}s": int(many)}))
    stage.pause = timedelta(0)
    sweep.expire_credits(stage.world.rt)
    unfinished.remind(stage.world.rt)
    stage.world.settle()


def _bank_is_silent(stage: Stage) -> None:
    """What is asked of it from now on is done, and nobody hears of it."""
    lost = Trouble(StripeFault.HANG_AFTER, on="payment_intents.create", milliseconds=60_000, times=None)
    for trouble in (lost, Trouble(StripeFault.FAIL_BEFORE, on="payment_intents.list", times=None)):
        stage.world.stripe.faults.add(trouble)
    stage.world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))


def _bank_is_back(stage: Stage) -> None:
    stage.world.stripe.faults.lift()
    _time_passes(stage, "30", "minute")


def _is_nowhere(stage: Stage, words: str) -> None:
    """In no row of any table, and in no text the carrier still has."""
    tables = {table.name: f"SELECT t::text FROM {table.name} t" for table in METADATA.sorted_tables}
    found = [name for name, query in tables.items() for [row] in stage.world.rows(query) if words in str(row)]
    found += ["the carrier's book" for each in stage.world.book.search(Search()) if words in each.body]
    if found:
        raise WrongAnswerError(f"{words} is in {', '.join(found)}")


ACTS: dict[str, Callable[..., None]] = {
    r"given the spa speaks Spanish": _spa_speaks_spanish,
    rf"given the spa is open weekdays ([\d: -]+)(?:, closed ({DAY}))?": _spa_is_open,
    r"given the spa offers (\w+) at \$([\d.]+) with (\d) visit credits?": _spa_offers,
    r"given (\w+)((?:, [^,]+)*)": _given,
    r"and (.+)": _and,
    r"(?:from (01\d\d) )?> \(the (other )?token\)": _says_the_token,
    r"by mail > (.*)": _writes_a_mail,
    r"\(the dues are charged\)": _is_billed,
    r"\(a new card is put on file\)": _new_card,
    r"\(the link is opened and left\)": _link_is_opened,
    r"\(wrong digits are typed (\d) times\)": _wrong_digits,
    r"(?:from (01\d\d) )?> (\(a picture\))? ?(.*)": _says,
    r"\((\d+) (second|minute|hour|day)s? pass(?:es)?\)": _time_passes,
    r"\(the bank gives no answer\)": _bank_is_silent,
    r"\(the bank answers again\)": _bank_is_back,
    r"\((.+) is nowhere\)": _is_nowhere,
}


TERMS: dict[str, Callable[..., dict[str, Any]]] = {
    rf"member of Glow since ({DAY})": lambda today, day: {"anchor_on": _nearest(day, today, ahead=False)},
    rf"member of Glow from ({DAY})": lambda today, day: {
        "anchor_on": _nearest(day, today, ahead=True),
        "standing": Standing.SCHEDULED,
    },
    r"past due": lambda _: {"standing": Standing.PAST_DUE},
    r"paused": lambda _: {"standing": Standing.PAUSED},
    rf"paused until ({DAY})": lambda today, day: {
        "standing": Standing.PAUSED,
        "resumes_on": _nearest(day, today, ahead=True),
    },
    rf"left on ({DAY})": lambda today, day: {
        "standing": Standing.ENDED,
        "ended_on": _nearest(day, today, ahead=False),
    },
    r"pays at the desk": lambda _: {"collection": "manual"},
    r"suspended": lambda _: {"standing": Standing.SUSPENDED},
    r"pays by the year": lambda _: {"cycle_months": 12},
    r"may not rest": lambda _: {"terms": {"pause": {"most_months": 0}}},
    r"may rest (\d) times? a year": lambda _, many: {"terms": {"pause": {"most_in_12_months": int(many)}}},
    r"may rest after (\d+) days": lambda _, many: {"terms": {"pause": {"minimum_tenure_days": int(many)}}},
    r"for (\d+) months at least": lambda _, many: {"terms": {"minimum_cycles": int(many)}},
    r"dues \$([\d.]+)": lambda _, dollars: {"dues_cents": int(Decimal(dollars) * 100)},
}


def _number(last: str) -> str:
    return f"+1505555{last}"


def _nearest(words: str, today: date, *, ahead: bool) -> date:
    """`Aug 15` is the one that was last, or is next; `Aug 15 2025` is itself."""
    if not re.fullmatch(DAY, words) or words[:3] not in MONTHS:
        raise UnreadableError(f"`{words}` is no date such as `Aug 15`")
    month, day, *year = words.split()
    if year:
        return date(int(year[0]), MONTHS.index(month) + 1, int(day))
    found = date(today.year, MONTHS.index(month) + 1, int(day))
    if ahead:
        return found if found >= today else found.replace(year=today.year + 1)
    return found if found <= today else found.replace(year=today.year - 1)
