"""Every message as a mail: both parts, both languages, the same links, no treatment, and nothing a name can break."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser

import pytest

from assistant.messages import render, render_email
from assistant.messages.catalog import CardExpiring, CardLink, CardLinkRests, Message, Stopped
from assistant.messages.render_email import Block, Letterhead, RenderedEmail, readable_on
from tests.messages.test_messages import ALL, SPA, TREATMENTS, each_message, samples, temptations

PHONE = "(505) 555-0101"
HEAD = Letterhead(SPA, PHONE)
OFFER = replace(
    HEAD,
    postal_address="1 Example Way, Santa Fe, NM 87501",
    unsubscribe_url="https://spa.example.com/unsubscribe/x-Y_z",
)
VOID = {"meta", "br", "img", "hr", "link", "input"}
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


@dataclass
class Page(HTMLParser):
    """A page as a reader meets it: every tag closed in its turn."""

    text: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "title" not in self.open:
            self.text.append(data)


def page(html: str) -> Page:
    read = Page()
    read.feed(html)
    read.close()
    assert read.open == []
    return read


def words(texts: Sequence[str]) -> str:
    return " ".join(" ".join(texts).split())


def rendered(message: type[Message], locale: str, head: Letterhead = HEAD) -> list[RenderedEmail]:
    return [render_email.email(each, locale, head) for each in samples(message, locale)]


@each_message
def test_each_renders_with_both_parts_and_a_subject(message: type[Message], locale: str) -> None:
    for mail in rendered(message, locale):
        assert mail.name == render.name_of(message)
        assert 3 <= len(mail.subject) <= 150
        assert "\n" not in mail.subject
        read = page(mail.html)
        assert {"html", "body", "title"} <= set(read.tags)
        assert not {"script", "img", "form", "iframe", "object"} & set(read.tags), "nothing is fetched or run"
        assert f'lang="{locale}"' in mail.html
        assert max(len(line) for line in mail.text.splitlines() if "http" not in line) <= 76


@each_message
def test_both_parts_say_the_same(message: type[Message], locale: str) -> None:
    for mail in rendered(message, locale, OFFER):
        read = page(mail.html)
        told = {link for link in read.links if not link.startswith("tel:")}
        assert set(LINK.findall(mail.text)) == told
        shown = " ".join("".join(read.text).split())
        above, _, below = mail.text.partition("\n-- \n")
        for line in re.split(r"\n\n+", above.strip()):
            said = [part for part in re.split(r": |\n|^- ", line) if part and "http" not in part]
            for part in (word for each in said for word in each.split()):
                assert part.rstrip(":") in shown, part
        assert OFFER.postal_address in shown
        assert OFFER.postal_address in below


@each_message
def test_no_treatment_is_named(message: type[Message], locale: str) -> None:
    for mail in rendered(message, locale):
        assert not TREATMENTS.findall(mail.subject + words(page(mail.html).text))


@each_message
def test_what_is_written_in_blocks_comes_out_in_blocks(message: type[Message], locale: str) -> None:
    for mail in rendered(message, locale):
        assert " :: " not in mail.text + mail.html
        assert "](" not in mail.text
        assert "{{" not in mail.text + mail.html
        assert "  " not in words(page(mail.html).text)


NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "Ana\n\n[Pay here](https://evil.example.com)",
    "Ana\n\nTotal :: free",
    "{{ 7*7 }}{% raw %}",
    "Ana\r\nBcc: x@example.com",
    "\u202eAna\u2066",
)


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize(("message", "locale"), ALL)
def test_a_name_is_only_a_name(message: type[Message], locale: str, name: str) -> None:
    """Whatever somebody is called, no tag, block or header is added (`reliability.md` F36)."""
    example = samples(message, locale)[0]
    plain = render_email.email(replace(example, first_name="Ana"), locale, HEAD)
    mail = render_email.email(replace(example, first_name=name), locale, HEAD)
    assert page(mail.html).tags == page(plain.html).tags or "https://evil" in name
    assert "button" not in set(page(mail.html).tags) - set(page(plain.html).tags)
    assert mail.html.count('class="button"') == plain.html.count('class="button"')
    assert len(mail.subject.splitlines()) == 1
    assert not {"script", "img"} & set(page(mail.html).tags)
    assert mail.text.count("\n\n") == plain.text.count("\n\n")


@pytest.mark.parametrize("locale", render.LOCALES)
def test_the_confirmation_of_an_opt_out_tempts_nobody_by_mail_either(locale: str) -> None:
    mail = render_email.email(Stopped(spa="Glow"), locale, Letterhead("Glow", PHONE))
    above = mail.text.partition("\n-- \n")[0]
    assert [found for found in temptations(above) if found not in {"offers", "offer"}] == []


@pytest.mark.parametrize("locale", render.LOCALES)
def test_an_offer_shows_where_it_is_from_and_how_it_ends(locale: str) -> None:
    mail = render_email.email(Stopped(spa="Glow"), locale, OFFER)
    for part in (mail.text, mail.html):
        assert OFFER.postal_address in part
        assert OFFER.unsubscribe_url in part
    plain = render_email.email(Stopped(spa="Glow"), locale, HEAD)
    assert "unsubscribe" not in plain.text + plain.html


def test_what_matters_has_words_of_its_own_for_mail() -> None:
    for name in (
        *("welcome", "payment-received", "ticket-receipt", "leave-confirmed", "leave-done", "payment-declined"),
        *("last-notice", "price-change", "pause-done", "balance", "refund-made", "stopped", "help"),
    ):
        for locale in render.LOCALES:
            assert (render.TEMPLATES / name / locale / "email.txt").exists(), (name, locale)


# --- the letterhead and the blocks ------------------------------------------------------------------------------------


def test_blocks_are_read_as_they_are_written() -> None:
    written = "One\ntwo.\n\n- a\n- b\n\nA :: 1\nB :: 2 :: 3\n\n[Go on](https://x.example.com/a?b=c)\n\n- a\nnot a list"
    assert render_email.read(written) == (
        Block("words", (("One two.",),)),
        Block("list", (("a",), ("b",))),
        Block("table", (("A", "1"), ("B", "2 :: 3"))),
        Block("button", (("Go on", "https://x.example.com/a?b=c"),)),
        Block("words", (("- a not a list",),)),
    )


@pytest.mark.parametrize("locale", render.LOCALES)
def test_a_secure_link_is_a_button_and_a_phone_number_calls(locale: str) -> None:
    link = "https://spa.example.com/c/Xk2"
    written_for_mail = CardLink(first_name="Ana", link=link, good_until=date(2026, 11, 24))
    as_a_text_says_it = CardExpiring(first_name="Ana", ends_on=date(2026, 11, 30), link=link)
    for message in (written_for_mail, as_a_text_says_it):
        mail = render_email.email(message, locale, HEAD)
        assert mail.html.count('class="button"') == 1
        assert mail.html.count(link) == mail.text.count(link) == 1
        assert f":\n{link}\n" in mail.text, "alone on its line"
    named = render_email.email(replace(as_a_text_says_it, first_name="https://evil.example.com"), locale, HEAD)
    assert named.html.count('class="button"') == 1
    told = render_email.email(CardLinkRests(first_name="Ana", help_phone=PHONE), locale, Letterhead(SPA, "x"))
    assert 'href="tel:5055550101"' in told.html


@pytest.mark.parametrize(
    ("accent", "used", "on_it"),
    [
        ("", render_email.ACCENT, "#ffffff"),
        ("#ffee88", "#ffee88", "#000000"),
        ("#102030", "#102030", "#ffffff"),
        ("red;background:url(x)", render_email.ACCENT, "#ffffff"),
        ("#fff", render_email.ACCENT, "#ffffff"),
    ],
)
def test_a_spas_colour_is_a_colour_and_can_be_read_on(accent: str, used: str, on_it: str) -> None:
    assert readable_on(used) == on_it
    html = render_email.email(Stopped(spa="Glow"), "en", replace(HEAD, accent=accent)).html
    assert f"border-top:4px solid {used}" in html
    assert "url(" not in html
