"""One message as its parts: what is joined by stops and by "and", and without what is said only to be denied."""

import re

from assistant.conversation.normalise import plain

_ENDS = re.compile(r"[.!?;:\n…]+(?=\s|$|[A-ZÁÉÍÓÚÑ¿¡])|\n|(?<=\D),|,(?=\D)|\s[-\N{EN DASH}\N{EM DASH}]+\s|&|[¿¡]|\s/\s")
_JOINS = re.compile(
    r"(?<!\S)(?:and also|and then|and|(?<!i )(?<!would )(?<!could )(?<!can )also|plus|then|but|or"
    r"|so(?= (?:i|we|you|it|please|can|could|my|the|put|is|what|how|when|if|just|that|maybe)\b)"
    r"|y tambien|y|e|tambien|pero|ademas|luego|o|as well as|by the way|btw|oh"
    r"|just(?! (?:for|until|till|til|a|an|one|two|the|this|that|to|about|so|in|like|now|got|had|been|not)\b)"
    r"|instead(?! of)|nomas|solo|mejor|rather(?! than))(?!\S)"
)
_DENIED = re.compile(
    r"(?<!\S)(?:(?:please )?(?:do|does|did|am|is|are|would|should|will) (?:i )?not|not|never|instead of"
    r"|rather than|without"
    r"|en vez de|en lugar de)"
    r"(?: (?:want|wanting|like|wish|need|going|trying|planning|looking|asking"
    r"|to|a|ever|really|please|me|you|yet|ready))*"
    r" (?:cancel\w*|leave|leaving|quit\w*|end|ending|stop|pause|pausing|freez\w*|upgrad\w*|downgrad\w*"
    r"|join\w*|chang\w*"
    r"|switch\w*|skip\w*|resume|los(?:e|ing)|com(?:e|ing) back)(?!\S)"
    r"|(?<!\S)(?:ya )?(?:no|nunca|en vez de|en lugar de)"
    r"(?: (?:quiero|quisiera|deseo|voy|pienso|necesito|a|me|lo|la|le|se|que|por favor|todavia|aun|vayan))*"
    r" (?:cancelar|dejar|salir|terminar|pausar|congelar|cambiar|suspender|saltar|unirme|perder)(?!\S)"
)
_ITS_OBJECT = re.compile(
    r"^(?: (?:my|the|it|me|all|mi|la|lo|el|membership|plan|membresia|account|subscription|anything)(?!\S))*"
)


def pieces(text: str) -> list[str]:
    """The plain words of each sentence or aside, in order."""
    return [said for said in map(plain, _ENDS.split(text)) if said]


def parts(piece: str) -> list[str]:
    """A sentence at its joins; one with no join is its own only part."""
    return [part.strip() for part in _JOINS.split(piece) if part.strip()]


def without_denied(part: str) -> str:
    """The same without what it says is *not* wanted: "don't cancel" comes to nothing."""
    while (found := _DENIED.search(part)) is not None:
        after = _ITS_OBJECT.sub("", part[found.end() :])
        part = f"{part[: found.start()]} {after}".strip()
    return part
