"""What tells the new words of a mail from the rest: how programs quote, and how people sign, in English and Spanish."""

import re

EITHER = re.IGNORECASE


def _one_of(lines: str) -> re.Pattern[str]:
    """One pattern a line, any of which may fit."""
    return re.compile("|".join(f"(?:{line})" for line in lines.strip().splitlines()), EITHER)


# --- what was said before --------------------------------------------------------------------------------------------

QUOTED = re.compile(r"\s*(?:>|&gt;)(?!\s{0,2}[:;=][-'^]?[(\[<|/])")
"""A line that another wrote; `>:(` is a face."""
RULE = re.compile(r"\s*[-_=*~\u2014\u2013\u2500\u2501.]{3,}\s*")
REPLY_ABOVE = re.compile(
    r".*(?:(?:type|write|enter) your reply above|reply above this line|responda? (?:por )?encima de esta l[ií]nea"
    r"|escriba? (?:su|tu) respuesta (?:por )?encima).*",
    EITHER,
)
EARLIER = re.compile(
    r"[\s>*_-]*(?:begin )?(?:-{2,}\s*)?(?:(?:original|forwarded|reply|replied) (?:message|e-?mail|appointment)"
    r"|(?:inicio del )?(?:mensaje|correo) (?:original|reenviado)|mensaje (?:que )?(?:se )?reenvi[oó])"
    r"(?:\s*from .{0,60})?\s*(?::|-{2,}|_{2,})[\s>*_-]*",
    EITHER,
)
"""A line a program puts above the whole of an earlier mail."""
HEADER = re.compile(
    r"[\s*>]*(?P<name>from|sent|date|to|cc|subject|reply-to|importance"
    r"|de|enviado(?: el)?|fecha|para|asunto|responder a|importancia)\s?\*?\s?:\*?(?:\s|$)",
    EITHER,
)
HEADERS_IN_A_LINE = re.compile(
    r"(?:^|\s)\*?(?:from|de):\*? .{1,200}?\s\*?(?:sent|date|enviado(?: el)?|fecha):\*? .{1,200}?"
    r"\s\*?(?:to|para|subject|asunto):",
    EITHER,
)
SENDERS = frozenset({"from", "de"})
WHENS = frozenset({"sent", "date", "enviado", "enviado el", "fecha"})

_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mi[eé]|jue|vie|s[aá]b|dom)"
ATTRIBUTION_BEGINS = _one_of(rf"""
\s*(?:on|el|in|en|the|a la\(s\)|a las|al)\b
\s*\d
\s*{_DAY}\w{{0,9}}\b
\s*["']
.{{0,80}}<?[\w.+-]{{1,64}}@[\w.-]{{3,}}
.{{1,80}}\b(?:wrote|escribi[oó])\b
""")
DATED_BEGINNING = re.compile(rf"\s*(?:on|el)\s.*\d|\s*\d|\s*{_DAY}\w{{0,9}}\b.*\d", EITHER)
ATTRIBUTION = _one_of(r"""
.{0,320}\b(?:wrote|writes|escribi[oó]|escribe|ha escrito)\b.{0,100}:\s*
\s*\d{4}-\d\d-\d\d \d\d?:\d\d.{0,200}>:\s*
""")
EVIDENCE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d\b|\d{1,2}/\d{1,2}/\d\d|@[\w-]+\.\w")
"""A year, a time or an address: a person who tells what somebody wrote gives none."""
INLINE_ATTRIBUTION = re.compile(
    r"(?<=\S)[ ]+((?:On|El)\s(?:(?!\s(?:On|El)\s)[^\n]){8,250}?\s(?:wrote|escribió|escribio)\s*:)[ ]*(?=\S|$)",
    re.MULTILINE,
)
"""The same where a program has run all lines together."""

# --- what a program or a habit adds ----------------------------------------------------------------------------------

DASHES = re.compile(r"\s*(?:--|\u2014|\u2013\u2013|\u2014\u2014)\s*")
DEVICE = _one_of(r"""
\W*(?:sent|written|typed|dictated) (?:from|via|with|using|on|by) (?:my|the|a|an|outlook|yahoo|gmail|mail)\b.{0,120}
\W*(?:sent|written|typed) (?:from|via|with|using|on|by) (?:aol|proton|samsung|android|iphone|ipad|windows)\b.{0,120}
\W*(?:sent|written|typed) (?:from|via|with|using|on|by) (?:spark|superhuman|verizon|at&t|t-mobile|hotmail)\b.{0,120}
\W*get outlook for \w+.{0,80}
\W*enviado (?:desde|con|por|usando|a trav[eé]s de) (?:mi|el|la|un|una|outlook|yahoo|gmail|correo|aol)\b.{0,120}
\W*enviado (?:desde|con|por|usando) (?:proton|samsung|android|iphone|ipad|windows|hotmail|mail)\b.{0,120}
\W*(?:obtener|obt[eé]n|descargar?) outlook para \w+.{0,80}
\W*(?:please )?(?:excuse|forgive|pardon) (?:the |my |any )*(?:typos|brevity|spelling).{0,80}
\W*(?:disculpen?|perdonen?|disculpas) (?:la|las|los|el|mis|cualquier) (?:brevedad|faltas?|error(?:es)?).{0,80}
""")
_FAREWELL = "|".join(
    "regards? wishes best kind kindest warm warmest warmly sincere sincerely yours truly faithfully respectfully"
    " cordially cheers xo xoxo love signed thanks thx again very much many my and with saludos? cordial cordiales"
    " afectuosos? atentos? atentamente atte att cordialmente abrazos? besos? bendiciones muchas mil gracias"
    " un una y".split()
)
SIGN_OFF = re.compile(
    rf"\W*(?:(?:{_FAREWELL}|thank you|all the|all my|so much|a lot|in advance|take care|talk soon|de antemano|por todo"
    r"|quedo atent[ao])(?:[ ,.!-]+|$)){1,6}\W*",
    EITHER,
)
"""A whole line of nothing but farewell: a signature where a name follows."""
FORMAL = re.compile(r"regards|wishes|sincere|yours|saludo|cordial|atentamente|atte", EITHER)
"""Nobody says these but to sign, name or no name."""
DISCLAIMER = _one_of(r"""
\W*confidential(?:ity)?\W{1,3}(?:notice|note|statement|warning|disclaimer|communication|:)
\W*(?:legal )?(?:disclaimer|notice)\s*:
\W*(?:privileged (?:and|&) confidential|confidential (?:and|&) privileged|hipaa (?:notice|confidential)|irs circular)
\W*this (?:electronic )?(?:e-?mail|message|communication|transmission),? \(?(?:and (?:any|all)|including any)\b
\W*this (?:electronic )?(?:e-?mail|message|communication|transmission),? may (?:contain|be) (?:confid|priv|legal|prot)
\W*this (?:e-?mail|message|communication|transmission),? contains? (?:confidential|privileged|information)
\W*this (?:e-?mail|message|communication|transmission),? is (?:intended|confidential|private|privileged|for the)\b
\W*this (?:e-?mail|message) (?:was (?:sent|scanned) by|has been (?:scanned|checked))
\W*the (?:information|contents?) (?:contained )?(?:in|of|transmitted)\b.{0,40}(?:mail|message|communication)
\W*if you (?:are not|have received|received) (?:the|this) (?:intended|named|e-?mail|message|in error)
\W*(?:please consider the environment|virus-free|scanned by)
\W*(?:aviso (?:de (?:confidencialidad|privacidad)|legal)|(?:nota|cl[aá]usula) de confidencialidad|confidencialidad\s*:)
\W*(?:este|el presente) (?:mensaje|correo|e-?mail)(?: electr[oó]nico)?,? (?:y (?:sus|los|cualquier)|puede|contiene|\()
\W*(?:este|el presente) (?:mensaje|correo|e-?mail)(?: electr[oó]nico)?,? (?:es (?:confid|priv)\w+|va dirigido|se dirige)
\W*(?:este|el presente) (?:mensaje|correo|e-?mail)(?: electr[oó]nico)?,? est[aá] (?:dirigido|destinado)
\W*la informaci[oó]n (?:contenida|incluida|transmitida|que contiene)
\W*si (?:usted )?(?:no es el|ha recibido|recibi[oó]|recibe) (?:destinatario|este|por error)
\W*(?:antes de imprimir|piensa en el medio ambiente|cuidemos el medio ambiente|libre de virus)
""")
BANNER = _one_of(r"""
\W*\[?external\]?(?: e-?mail| sender| message)?\W*$
\W*(?:caution|warning)\W{1,3}(?:this|external)
\W*this (?:e-?mail|message) (?:originated|came|was sent) from (?:outside|an external)
\W*(?:you don't often get e-?mail from|some people who received this message don't often|no suele recibir correos?)
\W*(?:precauci[oó]n\W{1,3}(?:este|correo)|externo\W*$|correo externo\b)
""")
"""What a mail system writes above somebody's words: its paragraph goes, what follows it stays."""
PICTURE = re.compile(r"\s*(?:\[(?:image|cid|imagen|logo|https?)[^\]\n]{0,300}\]\s*)+(?:<[^>\n]{0,300}>)?\s*", EITHER)
POSTSCRIPT = re.compile(r"\W*(?:p\.?\s?s\.?\b|p\.?\s?d\.?\s*:|posdata|postdata)", EITHER)
CARD_LINE = re.compile(
    r"\(?\+?\d[\d\s().-]{6,}\d|\bhttps?://|\bwww\.|[\w.+-]+@[\w-]+\.\w|\s\|\s|\s[\u2022\u00b7]\s"
    r"|\b(?:tel|cell|cel|m[oó]vil|mobile|phone|office|direct|fax|ext)\b\.?\s*[:#]?\s*\(?\+?\d",
    EITHER,
)
"""A line of a card of address: a number, a page, a mail address, or things between bars."""
NAME = re.compile(r"\W*(?:[^\W\d_][\w'\u2019.-]*)(?:,? (?:[^\W\d_a-z][\w'\u2019.-]*|de|la|del|y|van|von|da|&)){0,4}\W*")
WANTS = re.compile(
    r"\b(?:please|pls|plz|i|i'm|i'd|i've|im|also|me|can you|could you|stop|cancel|por favor|porfa|quiero|tambi[eé]n"
    r"|necesito|pueden?|basta|cancel[ae]n?)\b",
    EITHER,
)
"""Said below a signature, it is said all the same."""
COMMANDS = frozenset(
    "stop cancel end quit unsubscribe pause balance resume leave card join help yes no ok okay start skip pay why undo"
    " book human perks freeze hold please remove unfreeze upgrade downgrade change switch update retry"
    " alto baja basta cancelar pausa pausar saldo reanudar dejar tarjeta unirme ayuda si s\u00ed saltar pagar porque"
    " deshacer persona beneficios por cambiar quiero quitar".split()
)
"""Words that begin a wish, and no name."""
