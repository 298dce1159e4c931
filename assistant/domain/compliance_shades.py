"""Beside the plain words: who is weary of texts, who has somebody else's number, and what programs add to mail."""

import re

from assistant.domain.compliance_words import LISTS
from assistant.domain.phrases import phrases

OUR_FOOTER = re.compile(
    r"\b(?:reply|text|send|responda|responde|envie|envia) (?:with )?stop (?:to|para) "
    r"(?:opt ?out|end|cancel|unsubscribe|quit|stop|salir|cancelar|terminar)\b"
)
FOOTERS = re.compile(
    r"if you (?:no longer|don.?t|do not) (?:wish|want) to (?:receive|get)[^\n]*"
    r"|(?<![^\n])\W*unsubscribe ?[|\u2022\u00b7-][^\n]*"
    r"|(?:to|click (?:here )?to|para) (?:unsubscribe|opt[ -]?out|cancelar la suscripci\u00f3n)"
    r"[^\n]{0,60}(?:click|here|haga|clic)[^\n]*"
    r"|(?:to|para) (?:unsubscribe|opt[ -]?out)[^\n]{0,20}reply[^\n]*"
    r"|si (?:ya )?no desea recibir[^\n]*",
    re.IGNORECASE,
)
"""What other senders' programs put under a mail: nobody's words."""

# Weary, and no plea: "ugh these texts", "another text lol"; asked once.
WEARY = phrases(
    """
    ugh|ughh|omg|jeez|geez|wow|lol|smh|sigh|uf|ay|seriously|dude|girl|god so|these|all|another|more|the|with|
        too|many|stop|estos|otro|tantos|mas|y|que* <texts>
    so|too|way many <texts>
    another|otro|otra <texts>|promo|<mensajes>
    another|yet|again one|text|message|with
    lot|lots|bunch of <texts>
    not|never|hardly|isn't loving|enjoying|digging|fan|thrilled .? .? .? .? .? <texts>
    <texts> .? .? .? .? .? bit|little much|often|frequent
    have|got to text|message|write .? .? .? day|week|hour|morning
    look|oh|wow .? .? .? <texts>
    tired|sick|annoyed|over of|by|with|these|this|the|all|your|getting|so|many* <texts>
    text|texting a_lot|so_much|too_much|so_often|every_day
    cuantos|cuantas <mensajes>
    <texts> .? .? .? too_much|annoying|a_lot|excessive|nonstop|so_often|every_day|molesto|molestos|demasiados|muchos
    why|how .? .? .? .? .? so_many|this_many <texts>
    demasiados|tantos|muchos|cuantos|otra_vez|harta|harto|cansada|cansado de? sus|tantos|los|estos|con* <mensajes>
    less|fewer|menos <texts>|<mensajes>
    <mensajes> molestan|cansan|otra_vez
    """,
    LISTS,
)

WRONG_NUMBER = phrases(
    """
    wrong number|person|num|guy|lady|contact|phone
    numero|persona equivocado|equivocada|incorrecto|incorrecta|erroneo
    equivoco|equivocaron|equivoca|equivocado de? numero|persona
    doesn't|doesnt|does_not|no_longer have|has|uses this number
    this|it is_not|isn't|isnt|is_no_longer|ain't|not .? .? number
    este|ese no es mi|su|el numero .? .?
    """,
    LISTS,
)
