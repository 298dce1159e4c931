"""The words for how long and until when, English and Spanish, as patterns on `words.matchable` text."""

import re

from assistant.domain.pay_dates import NUMBERS
from assistant.domain.span_days import FEAST, MONTH


def _says(*ways: str) -> re.Pattern[str]:
    """Any of these, as whole words."""
    return re.compile(rf"(?<!\S)(?:{'|'.join(ways)})(?!\S)")


_MORE_NUMBERS = dict(
    zip(
        "an eleven twelve thirteen fourteen fifteen sixteen eighteen twenty thirty forty_five sixty ninety another once"
        " doce quince"
        " veinte treinta cuarenta_y_cinco cuarenta sesenta noventa otro otra".split(),
        (1, 11, 12, 13, 14, 15, 16, 18, 20, 30, 45, 60, 90, 1, 11, 12, 15, 20, 30, 45, 40, 60, 90, 1, 1),
        strict=True,
    )
)
_COUNTS = NUMBERS | {word.replace("_", " "): number for word, number in _MORE_NUMBERS.items()}


def count(said: str) -> int:
    """A number, in figures or in words; a couple is two."""
    if "couple" in said or "par" in said.split():
        return 2
    return int(said) if said.isdecimal() else _COUNTS[said]


_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
NUMBER = re.compile(_NUMBER)
_CYCLES = r"(?:billing |payment |pay )?(?:cycles?|periods?)|ciclos?"
_MONTHS = rf"(?:months?|mos?|mths?|mnths?|monthes|mouths|moths|m|meses|mes|{_CYCLES})"
_WEEKS = r"(?:weeks?|wks?|w|semanas?|sems?)"
_FORTNIGHTS = r"(?:fortnights?|quincenas?)"
_DAYS = r"(?:days?|d|dias?)"
_YEARS = r"(?:years?|yrs?|y|anos?)"
_UNIT = rf"(?:{_MONTHS}|{_WEEKS}|{_FORTNIGHTS}|{_DAYS}|{_YEARS})"
NUMBERS_APART = re.compile(rf"(?<!\S)(\d{{1,3}})({_UNIT})(?!\S)")
DECIMAL = re.compile(r"\d[.,]\d|\d ?½|½")
COUNTED = _says(
    r"(?!another day|otr[oa] (?:dia|semana|ano|vez))(?<!el )(?<!la )(?<!al )"
    rf"(?P<number>{_NUMBER}|(?:a )?couple(?: of)?|un par de) (?:more |full |whole |straight |mas |entire |extra "
    rf"|additional )?"
    rf"(?:(?P<m>{_MONTHS})|(?P<w>{_WEEKS})|(?P<f>{_FORTNIGHTS})|(?P<d>{_DAYS})|(?P<y>{_YEARS}))"
)
PAYMENTS = _says(
    r"(?:skip\w*|miss|next|paus\w+|freeze|hold|congel\w+|salt\w+|omit\w+|proxim[oa]s|siguientes)(?: (?:the|my|next"
    r"|los|las|mis"
    r"|proxim[oa]s))*"
    rf" (?P<number>{_NUMBER}) (?:next |proxim[oa]s |siguientes )?(?:payments?|charges?|bills?|pagos?|cobros?"
    rf"|mensualidad(?:es)?)"
)
NOT_BEFORE = re.compile(
    r"(?<!\S)(?:ago|already|hace|every|each|cada|past|last|previous|ultimos|ultimas|within|llevo|por mas de|dentro de"
    r"|(?<!pause )(?<!pausa )(?<!break )(?<!hold )(?<!freeze )(?<!skip )of"
    r"|(?<!back )(?<!return )(?<!regreso )(?<!vuelvo )(?:in|en)"
    r"|(?:been|member|client|clienta|miembro|coming|paid|paying|charged|took|waited|waiting|late|owed?)"
    r"(?: (?!paus|freez|hold|skip|congel|salt|stop)\S+){0,4}) ?$"
)
"""What stands before a time that is over, or begins then: no pause is so long."""
NOT_AFTER = re.compile(
    r" (?:ago|already|free|old|notice|left|later|overdue|late|behind|early|worth|gratis|atras|de anticipacion|before"
    r"|antes"
    r"|of (?:membership|service|credits?|facials?))(?!\S)"
)
HALF_A_YEAR = _says(r"(?:a |one )?half (?:a |of a |of the )?(?:year|yr)(?: long)?", r"medio ano", r"(?:un )?semestre")
YEAR_LONG, MONTH_LONG = _says(r"(?<!half )year long"), _says(r"month long")
QUARTER = _says(r"(?:a |one )?(?:quarter|trimester)", r"(?:un )?trimestre")
FORTNIGHT = _says(r"(?:next|proxima) (?:fortnight|quincena)", r"^(?:por |solo )?(?:fortnight|quincena)$")
_UNTIL = rf"(?:until|untill|till|til|up to(?! {_NUMBER} {_UNIT}(?!\S))|hasta(?: que llegue)?)"
UNTIL = _says(_UNTIL, "through", "thru")
_AFTER = r"(?:after|past|pasadas?|pasando|despues de)"
_END_OF = r"(?:the )?(?:end|last day|last|close) of"
_FIN_DE = r"(?:el )?(?:final|finales|fin|fines|ultimo(?: dia)?) de"
_THROUGH = (
    rf"(?:(?:through|thru)(?: {_END_OF})?|throughout|todo|(?:until|til|till|up to) {_END_OF}|hasta {_FIN_DE}"
    r"|rest of|resto de)"
)
_NO_DAY = r"(?! (?:the )?\d\d?(?!\d))"
UNTIL_MONTH = _says(
    rf"{_UNTIL} (?:the |el )?"
    rf"(?:(?:start|beginning|first|1st|primero|comienzos?|principios?|inicio) (?:of|de) )?(?:el )?"
    rf"(?:mes de )?({MONTH}){_NO_DAY}(?: (20\d\d))?"
)
UNTIL_AFTER_MONTH = _says(rf"{_UNTIL} (?:after|despues de) ({MONTH}){_NO_DAY}")
THROUGH_MONTH = _says(rf"{_THROUGH} (?:all of |the month of |el mes de |mes de )?({MONTH}){_NO_DAY}(?: (20\d\d))?")
UNTIL_NEXT_MONTH = _says(
    rf"{_UNTIL} (?:next month|(?:el )?(?:proximo mes|mes que viene|mes proximo|otro mes|mes que entra))"
)
UNTIL_NEXT_YEAR = _says(rf"{_UNTIL} (?:the )?(?:next year|(?:el )?(?:proximo ano|ano que viene|otro ano|ano proximo))")
UNTIL_YEAR = _says(rf"{_UNTIL} (?:the year |el ano |el )?(20\d\d)(?! \d)")
END_OF_YEAR = _says(
    rf"{_THROUGH} (?:the |this )?(?:year|year end)",
    rf"{_UNTIL} (?:the )?(?:year end|year's end|years end)",
    rf"{_UNTIL} {_FIN_DE}l? (?:este )?ano",
    rf"{_UNTIL} {_FIN_DE} ano",
    r"(?:el )?resto del ano|lo que (?:resta|queda) del ano|(?:the )?rest of (?:the|this) year",
)
REST_OF_MONTH = _says(r"(?:the )?rest of (?:the|this) month", r"(?:el )?resto de(?:l|este) mes")
END_OF_MONTH = _says(rf"{_UNTIL} (?:the )?month end")
END_OF_NEXT_MONTH = _says(
    rf"(?:{_THROUGH}|{_UNTIL} {_END_OF}) next month", rf"{_UNTIL} {_FIN_DE}l? (?:proximo mes|mes que viene)"
)
UNTIL_FEAST = _says(rf"(?:{_UNTIL}|through|thru) (?:the |el |la |las )?(?P<feast>{FEAST})")
AFTER_FEAST = _says(
    rf"(?:{_UNTIL} )?{_AFTER} (?:the |las |los |la |el )?(?:holidays?|holiday season|fiestas|{FEAST})",
    r"(?:through|thru|throughout) (?:the |las |los )?(?:holidays?|holiday season|fiestas)",
    rf"(?:over|for|durante|por|en) (?:the |las |los )?(?:holidays?|holiday season|fiestas|new years?|{FEAST})",
)
UNTIL_DAY = re.compile(rf"(?<!\S){_UNTIL} (?:about |the |el |on )*(?P<tail>.+)$")
THROUGH_DAY = re.compile(r"(?<!\S)(?:through|thru) (?:the )?(?P<tail>.+)$")
TAIL = re.compile(r"(?i)\b(?:until|untill|till|til|up to|hasta|through|thru)\b(.*)$", re.DOTALL)
BOTH_MONTHS = _says(
    r"this month and (?:the )?next(?: one| month)?|este mes y el (?:proximo|siguiente|que viene|otro|que sigue)"
)
SKIP_MONTH = _says(
    r"(?:skip|skipping|miss|pause|freeze|hold)(?: (?:on|my|the|this|next|upcoming|month's|months))+ (?:payment"
    r"|charge|bill|cycle|draft)",
    r"(?:mi |el |la )(?:proximo|proxima|siguiente) (?:pago|cobro|cargo|mensualidad)|(?:el )?(?:siguiente mes|mes"
    r" siguiente)",
    r"(?:next|this|(?:the |this )?coming)(?: one| coming)? month(?:'s|s)?",
    r"(?:el )?(?:este|proximo) mes",
    r"(?:el )?mes (?:que viene|proximo|entrante|que entra)",
)
_VERB = r"skip|miss|sit out|pause|freeze|hold|pausa(?:r|me|n)?|saltar(?:me)?|salta(?:me)?|salten|omitir"
SKIP_NAMED = tuple(
    _says(way)
    for way in (
        (
            rf"(?:{_VERB}|for|just|only|solo|por|en) (?:(?:the )?(?:(?:whole|entire|full) )?month of |"
            rf"(?:todo )?el mes de |mi mes de )?({MONTH}){_NO_DAY}"
        ),
        rf"({MONTH})(?:'s)? (?:payment|charge|bill|dues|draft|off)",
        rf"(?:charge|bill|draft) me (?:in|for|on) ({MONTH}){_NO_DAY}",
        rf"(?:(?:pago|cobro|cargo|mensualidad) de|cobr[ea]n(?: en)?) ({MONTH}){_NO_DAY}",
    )
)
_SPELT = r"(?:months?|mos?|weeks?|wks?|days?|meses|semanas|dias)"
VAGUE = _says(
    rf"(?:(?:a )?few|some|several|unos|unas|algun[oa]s|vari[oa]s|couple or so) (?:more )?{_SPELT}",
    r"half half",
    rf"{_UNIT} (?:and|y) (?:a )?(?:half|medio|media)",
    rf"{_NUMBER} (?:and a half|y media|y medio) {_UNIT}",
    rf"(?!an? |un |una |another |otro |otra |otros |otras ){_NUMBER}"
    r" (?:(?:or|to|o|a|maybe|perhaps|possibly|quizas?|tal vez) ){0,2}"
    rf"{_NUMBER} {_SPELT}",
    rf"(?:between|entre) {_NUMBER} (?:and|y) {_NUMBER} {_SPELT}",
    rf"{_UNIT} (?:or|o|maybe|perhaps|possibly|and maybe|quizas?|tal vez) (?:so|{_NUMBER}|more|mas)",
    r"half (?:a )?month",
    r"medio mes",
    rf"(?:over|under|(?<!no )more than|less than|(?<!no )mas de|menos de) (?:an? |one |un )?(?:{_NUMBER} )?{_UNIT}",
    rf"(?:between|entre) {MONTH} (?:and|y) {MONTH}",
)
HINTS = _says(
    r"(?:for )?a (?:while|bit|little|minute)",
    r"for (?:now|awhile)|awhile|some time|indefinitely|forever|until further",
    r"(?:until|til|till) (?:i|im|i'm|we|my|further|the|spring|summer|fall|autumn|winter|things|later|after)",
    r"un (?:tiempo|rato|ratito|tiempito)|por ahora|de momento|indefinid(?:o|a|amente)",
    r"hasta (?:que|nuevo|la|el|despues)",
    r"(?:for|this|next|the|all|over|through|todo|este|el) (?:the |el )?"
    r"(?:spring|summer|fall|autumn|winter|verano|otono|invierno|primavera|semester|season|temporada)",
    rf"(?:early|mid|middle|late|mediados|around|about|sometime)(?: of| de| in| en| the)* {MONTH}",
    rf"(?:in|en|dentro de) {_NUMBER} {_UNIT}",
)
UNSURE = _says(
    r"(?:not|no|im not|isn't|dont|don't|do not) (?:really )?(?:sure|know|certain)|unsure|no (?:lo )?se|no idea"
    r"|whatever|as long as"
    r"|lo mas que|el maximo|(?:the )?max(?:imum)?|longest|cuanto se pueda|depende|depends|idk|undecided|don't care"
)
FILLERS = frozenset(
    "for maybe just like about solo por please pls favor thanks thank you gracias in en i guess idk think say"
    " probably lets let's"
    " do make it then ok okay yes yeah sure um uh hmm should be good fine works max tops only nomas como creo pues"
    " mejor serian"
    " digo if possible si claro so around more less or that's thats would want need pause pausa pausar freeze hold"
    " congelar skip".split()
)
"""Said beside an answer, they change nothing of it."""
