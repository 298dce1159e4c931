"""How people miss the keys when they write stop, unsubscribe and texting, and what they meant."""

import re

# The whole text without its spaces: "S T O P", "stopstopstop", "opt-out", "un subscribe".
STOP_SPELT = re.compile(
    r"(?:s+t+[o0]+p+(?:all|it|now|texts?|2end)?)+|sotp|stpo|tsop|stp|dtop|atop|stol|sotop"
    r"|opt(?:me)?out|un?subscribe(?:me)?"
)

_OFTEN_MISSED = """
remove delete unsubscribe texting message messages messaging number contact contacting please sending receive
receiving leave alone again anymore spamming bothering promotions notifications promos mensajes mensaje quitenme
borrenme saquenme eliminen eliminenme dejen manden escriban numero molesten borren quiten promociones
"""
_SHORT = """
remove=remov,romove,rmove delete=delet,dlete unsubscribe=unsubscrib stop=stpo,sotp,tsop,tosp quit=quti,qiut,uqit,qit
        take=taek,tkae,atke,teak text=etxt,txet,tetx,tezt,trxt
        don't=dotn,odnt,dnot,dint,dot
this=dis,thsi,tihs list=lsit,ilst,lits,lis off=ofg,fof,offf from=form,frmo,fron texts=texst,tetxs,txets,texta,tezts
        more=mroe,moer,mor
        stop=sropy,stip
the=teh,hte never=nevr,nver,neevr want=wnat,watn,wamt quitenme=kitenme,quitemme,kitanme,kitenm
        saquenme=sakenme,sakeme quitame=kitame
borrenme=vorrenme,borenme dejen=degen,dejn no_more=nomore quiero=qiero,kiero,quero mensajes=mensages,mensajs,mesajes
"""


def _slips(word: str) -> set[str]:
    """What comes of a word when a letter in it is lost, doubled, or changes places with the next."""
    lost = {word[:at] + word[at + 1 :] for at in range(1, len(word) - 1)}
    doubled = {word[:at] + word[at] + word[at:] for at in range(1, len(word))}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    return lost | doubled | swapped


_MEANT = {slip: word for word in _OFTEN_MISSED.split() for slip in _slips(word)}
_MEANT |= {
    slip: pair.partition("=")[0].replace("_", " ")
    for pair in _SHORT.split()
    for slip in pair.partition("=")[2].split(",")
}
for _known in (
    f"{_OFTEN_MISSED} massages passages contract contacts leaver eave leaves promo receives please's lave aline".split()
):
    _MEANT.pop(_known, None)


_SPACED = re.compile(r"(?<!\S)(?:[a-z] ){3,}[a-z](?!\S)")


def spelt(clause: str) -> str:
    """A clause with its slips set right."""
    clause = _SPACED.sub(lambda found: found[0].replace(" ", ""), clause)
    clause = " ".join(_MEANT.get(word, word) for word in clause.split())
    for misspelt, meant in MISSPELT:
        clause = misspelt.sub(meant, clause)
    return clause


MISSPELT = (
    (re.compile(r"\b(?:sotp|stpo|tsop|stp|st0p|dtop|s+t+o+p+|st[ao]+[wh]+p+|stopp?pp)\b"), "stop"),
    (
        re.compile(
            r"\b(?:un ?s[uib]{1,3}s?c[a-z]{0,4}b[a-z]{0,2}|un ?su?s?cri[a-z]{1,4}|unsucri[a-z]{1,3}|un sub"
            r"|unsub(?:s|b|scri[a-z]{1,3}|sr?i[a-z]{1,3})?|unsbu[a-z]{2,8}|unsubri[a-z]{1,3}|[iu]n?subscribe)\b(?<!ed)"
        ),
        "unsubscribe",
    ),
    (re.compile(r"\bs t o p\b"), "stop"),
    (re.compile(r"\bopt(?:ing)?-?out\b"), "opt out"),
    (
        re.compile(
            r"\b(?:sto|stoo|stopt|stob|syop|stip|stpo|tsop|sotp|spot)\b(?= (?:t[ex]|send|mes|msg|contact|bother|spam))"
        ),
        "stop",
    ),
    (re.compile(r"\bthe+e?s\b$"), "these"),
    (re.compile(r"\b(?:txt|tex|tect|textt|texring)\b"), "text"),
    (re.compile(r"\b(?!texting\b)t(?:e?xt?|etx|exit)i?n'?g?\b"), "texting"),
    (re.compile(r"\b(?:txts|textz|txtz|tets|texs)\b"), "texts"),
    (re.compile(r"\bmess?[ae]g(?:in|ing|eing)\b|\bmassag(?:in|ing)\b(?= me)"), "messaging"),
    (re.compile(r"\b(?:mensages|mensjes|mensaj|menajes|mensajez|msjs|msjes|mnsajes)\b"), "mensajes"),
    (re.compile(r"\b(?:parenle|parele|parale|dejenle|bajenle|pararle)\b"), "paren"),
    (re.compile(r"\b(?:xfa|porfis|plis|porfavor|xfavor|porfi)\b"), "por favor"),
    (re.compile(r"\b(?:q|ke|k)\b(?= (?:me|no|dejen|paren))"), "que"),
    (
        re.compile(
            r"\b(?:mesages|messges|massages(?= (?:me|from you))|messeges|mesage|messege|mssgs|msgz|messgaes|mesgs)\b"
        ),
        "messages",
    ),
)
