"""Every message in every language: it renders, fits two segments, names no treatment, and says only what is so."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError, meta

from assistant.conversation.router import BY_KEYWORD
from assistant.domain import compliance
from assistant.domain.consent import MessageClass
from assistant.domain.declines import Script
from assistant.domain.membership import Standing
from assistant.domain.segments import Encoding, count, fold
from assistant.domain.words import matchable
from assistant.messages import render
from assistant.messages.catalog import (
    CATALOG,
    Balance,
    CardRemoved,
    Credits,
    Help,
    Membership,
    Message,
    NothingSaid,
    NotUnderstood,
    PaymentDeclined,
    Started,
    Stopped,
    TicketReceipt,
    Trouble,
    UnknownNumber,
    WhoIsThis,
    Why,
    WhyLine,
)
from assistant.messages.membership import MembershipLink
from assistant.messages.staff_mail import StaffChanged, StaffInvited, StaffReset
from assistant.messages.talk import StoppedWithCare
from tests.messages import dues, talk
from tests.world import ANA, World

LATE = date(2026, 9, 30)
LONG_NAME = "Ángela-Íñiga Óscara Úrsula"
SPA = "Fern & Lumen Aesthetic Gardens"
PHONE, EMAIL = "(505) 555-0101", "hello@fernandlumen.example.com"
WORDS = {
    "en": (("visit credit", "visit credits"), ("seasonal extra", "seasonal extras")),
    "es": (("crédito de visita", "créditos de visita"), ("extra de temporada", "extras de temporada")),
}
TREATMENTS = re.compile(
    r"botox|dysport|xeomin|jeuveau|daxxify|semaglutide|ozempic|wegovy|tirzepatide|mounjaro|zepbound|latisse|tretinoin"
    r"|kybella|ketamine|sculptra|juv[eé]derm|restylane|glp|filler|toxin|neuromodulator|facial|l[aá]ser|peel|microneedl"
    r"|hydra|inject|inyecci|derma|iv drip|lip|labio|wrinkle|arruga|hair|acn[eé]|weight|peso|massage|masaje",
    re.IGNORECASE,
)
"""What ties a text to care, or has a campaign refused (`rules.md` 1.19, 7.3)."""


MEMBERSHIP_LINK = "https://members.fernandlumen.example.com/membership/" + "wW-" * 14 + "w"
STAFF_LINK = "https://spa.example.com/console/password/" + "x" * 60


def credits_held(locale: str) -> tuple[Credits, ...]:
    visit, extra = WORDS[locale]
    return Credits(9_999_999), Credits(12_500, *extra), Credits(12_500, *visit)


def memberships() -> Iterator[Membership | None]:
    yield None
    for standing in Standing:
        yield Membership(standing, LATE, 9_999_999, LATE)
    yield Membership(Standing.PAUSED, LATE, 9_999_999, None)


def samples(message: type[Message], locale: str) -> list[Message]:
    """Each way a message can go, with the longest that it may have to say."""
    held = credits_held(locale)
    if message in talk.ANY:
        return talk.samples(message, LONG_NAME, held)
    if message in dues.ANY:
        return dues.samples(message, LONG_NAME, held)
    if message is Balance:
        return [
            Balance(
                first_name=LONG_NAME,
                credits=kinds,
                expiring=expiring,
                expires_on=LATE if expiring else None,
                membership=membership,
                help_phone=PHONE,
            )
            for membership in memberships()
            for kinds, expiring in (((), None), (held[:1], None), (held, None), (held, held[2]))
        ]
    together = tuple((each, (WhyLine(each, LATE, LATE, 12),)) for each in held)
    apart = ((held[2], (WhyLine(held[2], LATE, None, 1), WhyLine(held[2], LATE, LATE, 1))),)
    many: dict[type[Message], list[Message]] = {
        Why: [Why(first_name=LONG_NAME, parts=parts) for parts in ((), together, apart)],
        WhoIsThis: [WhoIsThis(names=("Ana", "Leo")), WhoIsThis(names=(LONG_NAME, LONG_NAME))],
        Help: [Help(spa=SPA, help_phone=PHONE, help_email=EMAIL)],
        Stopped: [Stopped(spa=SPA, billing=one, others=other) for one in (True, False) for other in (True, False)],
        Started: [Started(spa=SPA)],
        NotUnderstood: [NotUnderstood(first_name=LONG_NAME, help_phone=PHONE)],
        NothingSaid: [NothingSaid(help_phone=PHONE, media=media) for media in (True, False)],
        UnknownNumber: [UnknownNumber(spa=SPA, help_phone=PHONE)],
        CardRemoved: [CardRemoved(first_name=LONG_NAME, help_phone=PHONE)],
        MembershipLink: [MembershipLink(first_name=LONG_NAME, link=MEMBERSHIP_LINK, good_until=date(2026, 9, 30))],
        StaffInvited: [StaffInvited(first_name=LONG_NAME, spa=SPA, link=STAFF_LINK)],
        StaffReset: [StaffReset(first_name=LONG_NAME, link=STAFF_LINK)],
        StaffChanged: [StaffChanged(first_name=LONG_NAME)],
        Trouble: [Trouble(first_name=LONG_NAME, help_phone=PHONE)],
        TicketReceipt: [
            TicketReceipt(first_name=LONG_NAME, paid_cents=cents, used=used, left=used, help_phone=PHONE)
            for cents in (0, 9_999_999)
            for used in ((), held[:1], held)
        ],
    }
    return many[message]


ALL = [(message, locale) for message in CATALOG for locale in render.LOCALES]
each_message = pytest.mark.parametrize(("message", "locale"), ALL, ids=lambda each: getattr(each, "__name__", each))


@each_message
def test_the_longest_fits_two_segments(message: type[Message], locale: str) -> None:
    long = [text for each in samples(message, locale) if (text := render.sms(each, locale)).size.segments > 2]
    assert not long, [f"{text.size.segments} segments, {text.size.encoding}: {text.body}" for text in long]


def blemishes(words: str) -> list[str]:
    """What no text may have in it: a second space, a space before a stop, what was never filled in."""
    return re.findall(r"\s\s|^\s|\s$| [.,:;!?]|[{}]|None|Undefined|\.\.|%\(|\n", words)


@each_message
def test_the_words_are_clean(message: type[Message], locale: str) -> None:
    for each in samples(message, locale):
        for variant in (each, replace(each, first_name="Ana"), replace(each, first_name="")):
            body = render.sms(variant, locale).body
            assert blemishes(body) == [], body


@pytest.mark.parametrize("bad", ["a  b", "a .", "Ana , hi", "{{ name }}", "until None", "done..", " a", "a\nb"])
def test_a_blemish_is_seen(bad: str) -> None:
    assert blemishes(bad)


@pytest.mark.parametrize("locale", render.LOCALES)
def test_a_name_is_left_out_rather_than_misspelt(locale: str) -> None:
    [*_, long] = samples(NotUnderstood, locale)
    for name in ("Ana", "Inés", "João", LONG_NAME):
        body = render.sms(replace(long, first_name=name), locale).body
        assert name in body or name[:3] not in body


# --- the files --------------------------------------------------------------------------------------------------------


PARSER = Environment()  # noqa: S701 - nothing is rendered
PARSER.filters |= dict.fromkeys(("money", "day", "month", "hour", "credits", "bare", "listed"), str)


PARTS = ("_left", "_what-to-do")
"""Words that several messages share."""


MAIL_PARTS = ("layout.html", "layout.txt", "words.en.toml", "words.es.toml")


def wrong_files(templates: Path) -> set[str]:
    """The words that are missing, and the files that belong to no message."""
    wanted = {
        f"{render.name_of(message)}/{locale}/{part}" for message, locale in ALL for part in ("sms.txt", "subject.txt")
    }
    wanted |= {f"{part}/{locale}.txt" for part in PARTS for locale in render.LOCALES}
    there = {str(path.relative_to(templates)) for path in templates.rglob("*") if path.is_file()}
    may_be = {f"{render.name_of(message)}/{locale}/email.txt" for message, locale in ALL}
    return wanted ^ (there - may_be - {f"_mail/{part}" for part in MAIL_PARTS})


def names_in(templates: Path, file: str) -> set[str]:
    """All that a file of words asks for, with what it includes."""
    parsed = PARSER.parse((templates / file).read_text())
    included = [names_in(templates, part) for part in meta.find_referenced_templates(parsed) if part]
    return meta.find_undeclared_variables(parsed).union(*included)


def unknown_names(templates: Path) -> set[str]:
    """What the words ask for that their message does not have, or do not say though the message has it."""
    wrong = set()
    for message, locale in ALL:
        folder = f"{render.name_of(message)}/{locale}"
        written = [part for part in ("sms.txt", "email.txt") if (templates / folder / part).exists()]
        asked = set[str]().union(*(names_in(templates, f"{folder}/{part}") for part in written))
        known = {field.name for field in fields(message)}
        wrong |= {f"{message.__name__}.{name} in {locale}" for name in asked ^ known if name != "first_name"}
        wrong |= {f"{message.__name__}.{name} in {locale}" for name in asked - known}
    return wrong


def treatments_named(templates: Path) -> list[str]:
    return [found[0] for path in templates.rglob("*.txt") for found in TREATMENTS.finditer(path.read_text())]


def words_nobody_understands(templates: Path) -> set[str]:
    """What a text tells a member to reply, in capitals, and we would not understand."""
    told = {word for path in templates.rglob("*.txt") for word in re.findall(r"\b[A-Z]{3,}\b", path.read_text())}
    return {word for word in told if matchable(word) not in BY_KEYWORD and not compliance.read(word)}


def dear_letters(templates: Path) -> set[str]:
    """Letters of our own words that make a whole text cost as two: a name or a spa may bring one, we do not."""
    of_texts = [
        path for path in templates.rglob("*.txt") if path.name not in {"subject.txt", "email.txt", "layout.txt"}
    ]
    words = "".join(path.read_text() for path in of_texts)
    return {letter for letter in words if count(fold(letter)).encoding is Encoding.UCS_2}


FILE_CHECKS = (wrong_files, unknown_names, treatments_named, words_nobody_understands, dear_letters)


@pytest.mark.parametrize("check", FILE_CHECKS)
def test_the_files_of_words_are_right(check: object) -> None:
    assert not check(render.TEMPLATES)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("check", "name", "right", "wrong", "told"),
    [
        (wrong_files, "stopped/es/sms.txt", None, None, "stopped/es/sms.txt"),
        (wrong_files, "stoped/en/sms.txt", "", "Stopped.", "stoped/en/sms.txt"),
        (unknown_names, "help/en/sms.txt", "help_phone", "help_fone", "Help.help_fone in en"),
        (unknown_names, "not-understood/en/sms.txt", "help_phone", "help_fone", "NotUnderstood.help_phone in en"),
        (unknown_names, "started/en/sms.txt", "welcome", "{{ offer }} welcome", "Started.offer in en"),
        (unknown_names, f"{PARTS[1]}/es.txt", "retry_on", "retry_at", "LastNotice.retry_at in es"),
        (unknown_names, f"{PARTS[1]}/en.txt", "manual", "by_hand", "StillOwed.manual in en"),
        (treatments_named, "help/en/sms.txt", "your credits", "your Facial credits", "Facial"),
        (treatments_named, "help/es/sms.txt", "tus créditos", "tu láser", "láser"),
        (words_nobody_understands, "help/en/sms.txt", "BALANCE", "BALNCE", "BALNCE"),
        (dear_letters, "help/es/sms.txt", "Frecuencia variable", "La frecuencia varía", "í"),
    ],
)
def test_a_wrong_file_is_seen(
    check: object, name: str, right: str | None, wrong: str, told: str, tmp_path: Path
) -> None:
    templates = shutil.copytree(render.TEMPLATES, tmp_path / "messages")
    file = templates / name
    if right is None:
        file.unlink()
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(file.read_text().replace(right, wrong) if right else wrong)
    assert told in check(templates)  # type: ignore[operator]


def test_what_a_message_lacks_cannot_be_said() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Stopped(Message):
        """Has the name of a message, and nothing of what its words ask for."""

    with pytest.raises(UndefinedError):
        render.sms(Stopped(), "en")


@pytest.mark.parametrize("locale", render.LOCALES)
def test_a_link_is_in_the_words_of_the_scripts_that_send_one(locale: str) -> None:
    """To make one ends the one before it, so none is made that is not sent."""
    for each in dues.samples(PaymentDeclined, "Ana", credits_held(locale)):
        assert isinstance(each, PaymentDeclined)
        said = dues.LINK in render.sms(each, locale).body
        assert said == (each.link is not None and each.script.sends_link and not each.manual)


@pytest.mark.parametrize("locale", render.LOCALES)
def test_a_card_that_was_reported_is_not_told_of(locale: str) -> None:
    words = {
        render.sms(each, locale).body.lower()
        for each in dues.samples(PaymentDeclined, "Ana", credits_held(locale))
        if isinstance(each, PaymentDeclined) and each.script is Script.NEW_CARD
    }
    assert words
    for told in ("lost", "stolen", "fraud", "expired", "bank", "funds", "robad", "perdid", "vencid", "banco", "fondos"):
        assert not [body for body in words if told in body]


# --- what may be said -------------------------------------------------------------------------------------------------


def temptations(words: str) -> list[str]:
    """Links and offers: the one confirmation of an opt-out may have neither (`rules.md` 1.7)."""
    return re.findall(
        r"https?:|www\.|\.com|[$%]|\bfree\b|gratis|\boffers?\b|oferta|descuento|discount|book", words.lower()
    )


@pytest.mark.parametrize("locale", render.LOCALES)
def test_the_confirmation_of_an_opt_out_tempts_nobody(locale: str) -> None:
    assert temptations(render.sms(Stopped(spa="Glow"), locale).body) == []
    for crisis in (True, False):
        with_care = StoppedWithCare(spa="Glow", emergency_phone=PHONE, crisis=crisis)
        assert temptations(render.sms(with_care, locale).body) == []
    assert temptations("Come back: 20% off at https://spa.example.com")


@pytest.mark.parametrize("locale", render.LOCALES)
def test_help_names_a_person_and_the_way_out(locale: str) -> None:
    body = render.sms(Help(spa="Glow", help_phone=PHONE, help_email=EMAIL), locale).body
    for said in ("Glow", PHONE, EMAIL, "STOP"):
        assert said in body


def test_only_the_confirmation_of_an_opt_out_may_pass_one() -> None:
    passes = [message for message in CATALOG if message.message_class is MessageClass.OPTOUT_CONFIRM]
    assert passes == [Stopped, StoppedWithCare]


def test_numbers_and_dates_in_both_languages() -> None:
    visit = Credits(500, "visit credit", "visit credits")
    assert [render.in_words(replace(visit, amount=amount)) for amount in (0, 1, 500, 1000, 1001, 1500, 12_000)] == [
        "0 visit credits",
        "0.001 visit credits",
        "0.5 visit credits",
        "1 visit credit",
        "1.001 visit credits",
        "1.5 visit credits",
        "12 visit credits",
    ]
    assert render.in_words(Credits(123_456_789)) == "$1,234,567.89"


@pytest.mark.parametrize("locale", render.LOCALES)
@pytest.mark.parametrize("name", ["Ana", LONG_NAME])
def test_the_longest_true_answers_fit(name: str, locale: str, world: World) -> None:
    """Three kinds of credit in many lots, through the very path a member's text takes."""
    member = world.client(name, locale=locale)
    world.enrol(member, anchor_on=date(2025, 9, 30), dues_cents=9_999_999)
    now = world.clock.now()
    for months in range(12):
        at = now - timedelta(days=30 * months)
        world.grant(member, 11, at=at)
        world.grant(member, 10, unit="extra", at=at, expires_on=LATE + timedelta(days=365 - months))
        world.grant(member, 99, unit="USD", at=at)

    for word in ("BALANCE", "WHY"):
        assert len(world.say(word, ANA)) == 1
    sent = world.rows("SELECT message, segments, body FROM outbound_message ORDER BY id")
    assert [message for message, _, _ in sent] == ["balance", "why"]
    assert max(int(str(segments)) for _, segments, _ in sent) <= 2, sent
