"""How people's mail programs write: the marks each leaves, its signature, and how it quotes the mail it answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from textwrap import wrap

from markupsafe import Markup

BODY = re.compile(r"<body[^>]*>(.*)</body>", re.IGNORECASE | re.DOTALL)
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}
DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
}
IPHONE = {"en": "Sent from my iPhone", "es": "Enviado desde mi iPhone"}
WROTE = {"en": "On {when}, {who} wrote:", "es": "El {when}, {who} escribió:"}
OUTLOOK = {"en": ("From", "Sent", "To", "Subject"), "es": ("De", "Enviado", "Para", "Asunto")}
NARROW = "\u202f"
"""What Apple puts between a time and its AM."""


class Program(StrEnum):
    """A mail program that can be played."""

    IPHONE = "iphone"
    GMAIL = "gmail"
    OUTLOOK = "outlook"


@dataclass(frozen=True, slots=True)
class Quoted:
    """The mail that is answered, as its reader's program shows it. `at` is in the reader's own zone."""

    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    html: str
    at: datetime

    @property
    def body(self) -> Markup:
        """What programs take over into a mail of their own: the inside of its HTML, or its words."""
        found = BODY.search(self.html)
        inside = found[1] if found else self.html
        return Markup(inside) if inside else _lines(self.text)  # noqa: S704 - quoted as it came: programs do


@dataclass(frozen=True, slots=True)
class Written:
    """What a program makes of words: both parts, and the charset it sends them in."""

    text: str
    html: str
    charset: str


def written(program: Program, words: str, quoted: Quoted | None, locale: str) -> Written:
    """The words, signed and with what they answer below them, as this program does it."""
    language = locale if locale in WROTE else "en"
    text, html = WRITE[program](words.strip(), quoted, language)
    return Written(text, html, _charset(program, text + html))


def _charset(program: Program, everything: str) -> str:
    """Outlook writes as Windows does, where it can."""
    if program is not Program.OUTLOOK:
        return "utf-8"
    try:
        everything.encode("windows-1252")
    except UnicodeEncodeError:
        return "utf-8"
    return "windows-1252"


# --- each program ----------------------------------------------------------------------------------------------------


def _iphone(words: str, quoted: Quoted | None, language: str) -> tuple[str, str]:
    signature = IPHONE[language]
    head = Markup('<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>')
    said = Markup('{}<body dir="auto">{}<div><br></div><div dir="ltr">{}</div>').format(head, _lines(words), signature)
    if quoted is None:
        return f"{words}\n\n{signature}\n", said + Markup("</body></html>")
    when = {
        "en": f"{_month(quoted.at, 'en')[:3]} {quoted.at.day}, {quoted.at.year}, at {_twelve(quoted.at, NARROW)}",
        "es": f"{quoted.at.day} {_month(quoted.at, 'es')[:3]} {quoted.at.year}, a la(s) {_doce(quoted.at)}",
    }[language]
    wrote = WROTE[language].format(when=when, who=f"{quoted.sender_name} <{quoted.sender}>")
    below = _marked(wrote + "\n\n" + quoted.text)
    text = f"{words}\n\n{signature}\n\n{below}\n"
    html = Markup(
        '{}<div dir="ltr"><br><blockquote type="cite">{}<br><br></blockquote></div>'
        '<blockquote type="cite"><div dir="ltr">{}</div></blockquote></body></html>'
    ).format(said, wrote, quoted.body)
    return text, html


def _gmail(words: str, quoted: Quoted | None, language: str) -> tuple[str, str]:
    said = Markup('<div dir="ltr">{}</div>').format(_lines(words))
    if quoted is None:
        return f"{words}\n", said
    day, month = DAYS[language][quoted.at.weekday()][:3], _month(quoted.at, language)[:3]
    when, who = {
        "en": (
            f"{day}, {month} {quoted.at.day}, {quoted.at.year} at {_twelve(quoted.at, NARROW)}",
            f"{quoted.sender_name} <{quoted.sender}>",
        ),
        "es": (
            f"{day}, {quoted.at.day} {month} {quoted.at.year} a la(s) {quoted.at:%H:%M}",
            f"{quoted.sender_name} (<{quoted.sender}>)",
        ),
    }[language]
    wrote = WROTE[language].format(when=when, who=who)
    broken = "\n".join(wrap(wrote, 76, break_long_words=False, break_on_hyphens=False))
    html = Markup(
        '{}<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid #ccc;padding-left:1ex">'
        "{}</blockquote></div>"
    ).format(said, wrote, quoted.body)
    return f"{words}\n\n{broken}\n\n{_marked(quoted.text)}\n", html


def _outlook(words: str, quoted: Quoted | None, language: str) -> tuple[str, str]:
    head = Markup('<html><head><meta http-equiv="Content-Type" content="text/html"></head><body dir="ltr">')
    said = Markup('{}<div class="elementToProof" style="font-family: Aptos, Calibri, sans-serif;">{}</div>').format(
        head, _lines(words)
    )
    if quoted is None:
        return f"{words}\n", said + Markup("</body></html>")
    day, month = DAYS[language][quoted.at.weekday()], _month(quoted.at, language)
    when = {
        "en": f"{day}, {month} {quoted.at.day}, {quoted.at.year} {_twelve(quoted.at, ' ')}",
        "es": f"{day}, {quoted.at.day} de {month} de {quoted.at.year} {quoted.at:%H:%M}",
    }[language]
    sender = f"{quoted.sender_name} <{quoted.sender}>"
    named = list(zip(OUTLOOK[language], (sender, when, quoted.recipient, quoted.subject), strict=True))
    above = "\n".join(f"{name}: {value}" for name, value in named)
    marked = Markup("<br>").join(Markup("<b>{}:</b> {}").format(name, value) for name, value in named)
    html = Markup(
        '{}<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        '<div id="divRplyFwdMsg" dir="ltr">{}<div>&nbsp;</div></div>{}</body></html>'
    ).format(said, marked, quoted.body)
    return f"{words}\n\n{'_' * 32}\n{above}\n\n{quoted.text}\n", html


WRITE: dict[Program, Callable[[str, Quoted | None, str], tuple[str, str]]] = {
    Program.IPHONE: _iphone,
    Program.GMAIL: _gmail,
    Program.OUTLOOK: _outlook,
}


# --- words and dates -------------------------------------------------------------------------------------------------


def _lines(words: str) -> Markup:
    return Markup("").join(
        Markup("<div>{}</div>").format(line) if line.strip() else Markup("<div><br></div>")
        for line in words.splitlines()
    )


def _marked(text: str) -> str:
    """Each line with a mark before it; what was quoted already gets a second one."""
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}" for line in text.rstrip().splitlines())


def _month(at: datetime, language: str) -> str:
    return MONTHS[language][at.month - 1]


def _twelve(at: datetime, space: str) -> str:
    return f"{at.hour % 12 or 12}:{at:%M}{space}{'AM' if at.hour < 12 else 'PM'}"


def _doce(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {'a' if at.hour < 12 else 'p'}.\u00a0m."
