"""A text that speaks of a time, made ready to be read: slips put right, and without what says only when it begins."""

import re

from assistant.domain.pay_dates import WEEKDAYS
from assistant.domain.span_days import MONTH

_SLIPS = {
    "until": "untl unitl utill untill untel intil ubtil till'",
    "til": "'til tll tilll",
    "through": "thorugh throught thrugh thru'",
    "hasta": "asta hsta hasata haste",
    "month": "mont motnh mounth mnth monht",
    "months": "mounths motnhs montsh monhts mnts mths months'",
    "weeks": "weaks weeek wekks weks wweks week's",
    "meses": "mezes mesez messes meces",
    "semanas": "cemanas semnas semaanas",
    "january": "janurary januray janaury jaunary",
    "february": "febuary feburary febrary feburay feb'",
    "march": "mrach marhc",
    "april": "arpil aprill apirl",
    "august": "agust augst",
    "september": "setember septmber septembr",
    "october": "octuber ocotber",
    "november": "novemeber novmber",
    "december": "decemeber decmber dicember desember",
    "enero": "henero enro",
    "febrero": "febrer fevrero febreo",
    "diciembre": "disiembre deciembre dicimbre diziembre",
    "noviembre": "nobiembre",
    "couple": "copule cuple coupl cople",
}
_MEANT = {slip: meant for meant, slips in _SLIPS.items() for slip in slips.split()}
_WORD = re.compile(r"[^\W\d_]+'?")
_ABBREVIATED = re.compile(r"(?i)\b(jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic)\.(?=\s*\d|\s|$)")
_SAID_TWICE = re.compile(r"\b\w+ \((\d{1,3})\)")
_PERIOD_OF = re.compile(
    r"(?i)\b(?:(?:an?|the) (?:total |full )?(?:period|duration|length|term|span|total)(?: of time)? of"
    r"|un (?:periodo|período|plazo|tiempo|lapso|total) de) (?=\S)"
)
_FOUR_FOR = re.compile(
    r"(?i)(?<![\w./-])4 (?=(?:like |about |just )?(?:an?|the|\d{1,2}|two|three|six) ?(?:m|w|d|next))"
)
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third"
        " twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth"
        " thirty-first".split(),
        1,
    )
}
_ORDINAL = "|".join(sorted((word.replace("-", "[- ]") for word in _ORDINALS), key=len, reverse=True))
_DAY_IN_WORDS = re.compile(
    rf"(?i)\b(?:(?P<of>{_ORDINAL})(?= (?:day )?of {MONTH}\b)|(?P<month>{MONTH}) (?:the )?(?P<in>{_ORDINAL})\b"
    rf"|(?P<to>(?:until|til|till|thru|through) the) (?P<alone>{_ORDINAL})\b(?! (?:week|month|day|half|part|of)))"
)
_HALF_A_YEAR = re.compile(r"(?i)(?<![\d/])1/2 (?:of )?(?:an? )?(year|yr|año|ano)\b")
_WHEN = (
    r"(?:(?:in|en|on|from|with|as of|el|the|de|del|next|this|proximo|mes|month|week|que viene|now|today|tomorrow|hoy"
    r"|ahora|asap"
    rf"|immediately|right away|mañana|{MONTH}|\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?"
    rf"|20\d\d)\b[\s,]*)+"
)
_BEGINS = re.compile(
    rf"(?i)\b(?:starting|beginning|effective|commencing|start|begin|empezando|comenzando|a partir"
    rf" del?)\s+(?!of\b){_WHEN}"
)
_FROM_TO = re.compile(
    rf"(?i)\b(?:from|desde)\s+{_WHEN}(?:(?P<to>to|a|al|[-\u2013])\s+|(?=until|til|till|thru|through|hasta|for|por))"
)
_OF_TO = re.compile(rf"(?i)\bde(?:l)? (?:{MONTH}|\d{{1,2}}(?: de {MONTH})?) (?:a|al) (?=\d|{MONTH})")
_FROM_HERE = re.compile(r"(?i)\bde (?:aqu[ií]|ahora|hoy) (?:al?|hasta) ")
_TO = re.compile(
    rf"(?i)\b((?:paus|freez|hold|skip|suspend)\w*(?: (?!to\b)\S+){{0,3}})(?<! up) to (?=(?:the )?\d{{1,2}}(?:st|nd"
    rf"|rd|th|/)|{MONTH}\b|(?:the )?(?:end|start|first))"
)
_BACK = re.compile(
    r"(?i)(?<!call me )(?<!get )(?<!text me )\b(?:back|returning|return|resume|restart|reactivate|unpause|unfreeze"
    r"|reanudar|reactiven|reactivar|regreso|vuelvo|start back up"
    rf"|turn it back|volver)(?: (?:me|it|up))?(?: (?:on|el|in town on|home on|again on))? (?=(?:the )?\d{{1,2}}(?:st"
    rf"|nd|rd|th|/)|(?:{MONTH}) \d|\d{{1,2}} de )"
)


_BACK_IN = re.compile(
    rf"(?i)\b(?:(?:be|come|coming|start|pick it) back(?: up| home| in town)?|start(?: it)?(?: back)? up|(?<!i )resume"
    rf"|restart|returning|unfreeze|unpause|regreso|vuelvo|regresare|regresaré)(?: (?:it|me|again))? (?:in|en)"
    rf" (?={MONTH}\b(?! \d))"
)
_WEEKDAY = re.compile(
    rf"(?i)\b(?:{'|'.join(WEEKDAYS)}),? (?:the |el )?(?=\d{{1,2}}(?:st|nd|rd|th)?(?: of| de)? {MONTH}\b|{MONTH} \d"
    rf"|\d{{1,2}}/\d)"
)


def tidied(text: str) -> str:
    """The same text, with its figures and slashes as they were."""
    text = _WEEKDAY.sub("", text)
    text = _WORD.sub(lambda found: _MEANT.get(found[0].lower(), found[0]), text)
    text = _SAID_TWICE.sub(r"\1", _ABBREVIATED.sub(r"\1 ", text))
    text = _HALF_A_YEAR.sub(r"half a \1", text)
    text = _FOUR_FOR.sub("for ", text)
    text = _DAY_IN_WORDS.sub(_in_figures, _PERIOD_OF.sub("", text))
    text = _FROM_TO.sub(lambda found: "until " if found["to"] else "", text)
    text = _FROM_HERE.sub("hasta ", _OF_TO.sub("hasta ", text))
    text = _TO.sub(r"\1 until ", text)
    return _BACK.sub("until ", _BACK_IN.sub("until ", _BEGINS.sub(" ", text)))


def _in_figures(found: re.Match[str]) -> str:
    """A day that is written out: "third of February", "february third", "until the fifteenth"."""
    number = _ORDINALS[(found["of"] or found["in"] or found["alone"]).lower().replace(" ", "-")]
    before = found["month"] or found["to"]
    return f"{before} {number}th" if before else f"{number}th"
