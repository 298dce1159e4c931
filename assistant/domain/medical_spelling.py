"""What somebody wrote of their body as one of our words: contractions closed, a slip of the finger put right."""

import re
from functools import lru_cache

_CLOSED = {
    "i am": "im",
    "i m": "im",
    "do not": "dont",
    "does not": "doesnt",
    "did not": "didnt",
    "can not": "cant",
    "will not": "wont",
    "would not": "wouldnt",
    "could not": "couldnt",
    "should not": "shouldnt",
    "is not": "isnt",
    "are not": "arent",
    "was not": "wasnt",
    "has not": "hasnt",
    "have not": "havent",
    "that is": "thats",
    "it is": "its",
}
_OPEN = {
    "ive": "i have",
    "cannot": "cant",
    "whats": "what is",
    "u": "you",
    "ur": "your",
    "r": "are",
    "youve": "you have",
    "yous": "you",
    "i'll": "i will",
    "we're": "we are",
    "he'll": "he will",
    "she'll": "she will",
    "we'll": "we will",
    "aint": "isnt",
    "hv": "have",
    "bcuz": "because",
    "tho": "though",
    "plz": "please",
    "gonna": "going to",
    "q": "que",
    "k": "que",
    "xq": "porque",
    "toi": "estoy",
    "toy": "estoy",
    "tngo": "tengo",
    "hurst": "hurts",
    "hertz": "hurts",
    "herts": "hurts",
    "hurtz": "hurts",
    "hurtin": "hurting",
    "burnin": "burning",
    "swellin": "swelling",
    "itchin": "itching",
    "bleedin": "bleeding",
    "peelin": "peeling",
    "droopin": "drooping",
    "breth": "breath",
    "breeth": "breathe",
    "breathin": "breathing",
    "brething": "breathing",
    "beathe": "breathe",
    "dizy": "dizzy",
    "rsh": "rash",
    "puss": "pus",
    "diarea": "diarrhea",
    "diarrea": "diarrhea",
    "naucious": "nauseous",
    "nautious": "nauseous",
    "noxious": "nauseous",
    "pragnent": "pregnant",
    "pregnet": "pregnant",
    "pregant": "pregnant",
    "pregnat": "pregnant",
    "preggs": "preggers",
    "puffey": "puffy",
    "botocks": "botox",
    "bowtox": "botox",
    "votox": "botox",
    "botoks": "botox",
    "fase": "face",
    "faec": "face",
    "fce": "face",
    "leps": "lips",
    "cloted": "clotted",
    "ojoz": "ojos",
    "kara": "cara",
    "labyo": "labio",
    "labyos": "labios",
    "zangre": "sangre",
    "inchado": "hinchado",
    "inchada": "hinchada",
    "inchados": "hinchados",
    "inchadas": "hinchadas",
    "inchazon": "hinchazon",
    "incho": "hincho",
    "preñada": "prenada",
    "throwin": "throwing",
    "thiners": "thinners",
    "thiner": "thinner",
    "ronxas": "ronchas",
    "vomito": "vomito",
    "swolled": "swollen",
    "swallen": "swollen",
    "swollin": "swollen",
    "swole": "swollen",
    "hedake": "headache",
    "infekted": "infected",
    "alerjica": "alergica",
    "alergik": "allergic",
    "pimpels": "pimples",
    "brest": "breast",
    "breastfed": "breastfeeding",
    "medecine": "medicine",
    "medicin": "medicine",
    "antibiotix": "antibiotics",
    "iboprofen": "ibuprofen",
    "ibuprophen": "ibuprofen",
    "tylanol": "tylenol",
    "tilenol": "tylenol",
    "benedryl": "benadryl",
    "anafilactic": "anaphylactic",
    "emergancy": "emergency",
    "amberlance": "ambulance",
    "suisidal": "suicidal",
    "sucide": "suicide",
    "suicid": "suicide",
    "acohol": "alcohol",
    "excercise": "exercise",
    "excersize": "exercise",
    "exersise": "exercise",
    "excersise": "exercise",
    "inchasion": "hinchazon",
}
_KNOWN = frozenset(
    """
    swelling swollen bruise bruised bruises bruising blister blisters blistered infection infected infections
    allergic allergy reaction reactions pregnant pregnancy breastfeeding nauseous nausea dizzy dizziness
    numbness tingling migraine headache headaches fever bleeding burning burned itching itchy droopy drooping
    eyelid eyelids eyebrow eyebrows forehead breathe breathing swallow swallowing antibiotics accutane
    medication medications prescription ibuprofen tylenol benadryl lidocaine hospital emergency ambulance
    suicide suicidal vomiting inflamed inflammation irritated irritation painful throbbing peeling scabbing
    crooked uneven asymmetrical lopsided throat vision blurry botox filler fillers alcohol exercise workout
    normal doctor rosacea eczema shingles steroids aspirin insulin diabetes diabetic autoimmune miscarriage
    stomach tongue scalp cheek cheeks redness stinging seizure lightheaded discolored infusion hinchada hinchado
    hinchadas hinchados hinchazon moreton moretones ampolla ampollas infeccion infectado infectada alergia
    alergica alergico reaccion embarazada embarazo amamantando lactando comezon picazon fiebre calentura mareada
    mareado nauseas vomito vomitando sangrando sangre dolor duele duelen parpado parpados adormecido adormecida
    entumecida quemadura quemaron quemada inflamado inflamada inflamacion respirar medicamento medicamentos
    antibiotico antibioticos pastillas anticoagulante urgencias enfermera sarpullido ronchas labios mejilla
    garganta frente despues tratamiento
    """.split()
)
_ORDINARY = frozenset(
    """
    redaccion quesada fiver lister quedaron quedara quedado quedaran quedare norma scala scale scales scaly
    scald breather breathers burner burners burped burping burring cheer cheering creek creeks donor dropping
    droop droops drooling fillets filters infested inflated mediation meditation meditations noxious peeking
    peeping peeves stinking stabbing stinting singles symmetrical tangling welling wallow alegria boton botones
    parado pareado quedada quejada refaccion mesilla inyeccion inyecciones infamacion ambulante blaster braise
    burgeoning emergence inching irrigation docto irrigated aspiring proscription sallow vomit vomits lidocaina
    aspirina insulina prescripcion medicacion diabetica diabetico irritacion quemazon parpadeo salpullido
    enfermeria embarazado inflame irritate infectious doler marejada singled breath breaths breathed feeling
    smelling spelling dwelling selling shelling telling breeding fewer never lever fuller killer tiller falter
    etching pitching turning turned earning warning threat threats chess cheat dolar dolares color colores
    redaction reactor inflection injection injections injected ingestion shallow cooked hooked formal norman
    normally normals morton liebre fibre quemado cheeky checks check cheese cheers tongues frentes fronte suenan
    suele suelen huele huelen muele vuele vuelen vela muelen puede pueden debe pelado reaccionar infeccioso
    respiran respirara filter sleeping swimming receding needing feeding bleeping blending headed header browned
    buried bused brushed cruising braised praise drafting fillet filled filed fill foyer flyer hospitable
    numbers number burying sangria sangrar sangro mercado marcada marcado nadada mirada vision visions version
    mission revision ambulances exercised exercises itchy witchy ditzy fizzy blurt blurry slurry peeing peering
    feelings ceiling heeling pealing kneeling steeling stealing swinging stringing bringing singing frete fuente
    frenos vientos urgente urgencia doctora doctores labio lab1os labors mejillas mejill ampliada duel duelo
    dueno duena hincapie amor sabor ardor pastilla enfermedad enfermero
    """.split()
)
_REPEATED = re.compile(r"([a-z])\1{2,}")


def spelt(said: str) -> str:
    """`words.matchable` text with each word as one of ours, where that is what it was meant for."""
    words = [each for word in said.split() for each in _word(word).split()]
    closed: list[str] = []
    for word in words:
        pair = f"{closed[-1]} {word}" if closed else word
        if pair in _CLOSED:
            closed[-1] = _CLOSED[pair]
        else:
            closed.append(word)
    return " ".join(closed)


@lru_cache(maxsize=8192)
def _word(word: str) -> str:
    if word in _OPEN:
        return _OPEN[word]
    plain = word.replace("'", "")
    plain = _OPEN.get(plain, plain)
    if plain in _KNOWN:
        return plain
    short = _REPEATED.sub(r"\1", plain)
    for each in (short, _REPEATED.sub(r"\1\1", plain)):
        if each in _KNOWN or each in _OPEN:
            return _OPEN.get(each, each)
    if short in _ORDINARY or len(short) < 5 or not short.isalpha():
        return short
    meant = {known for part in _without_one(short) for known in _SLIPS.get(part, ()) if _one_slip(short, known)}
    return min(meant, default=short)


def _without_one(word: str) -> set[str]:
    """The word, and all that is left of it when one letter is lost."""
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def _one_slip(said: str, meant: str) -> bool:
    """Whether one letter is lost, added, another, or in its neighbour's place; never the ending of a plural."""
    if said[0] != meant[0] and said != meant[1:]:
        return False
    if said.rstrip("s") == meant.rstrip("s"):
        return False
    if len(said) != len(meant):
        return True
    apart = [at for at in range(len(said)) if said[at] != meant[at]]
    return len(apart) == 1 or (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and said[apart[0]] == meant[apart[1]]
        and said[apart[1]] == meant[apart[0]]
    )


def _slips() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for known in sorted(_KNOWN):
        for part in _without_one(known):
            found.setdefault(part, []).append(known)
    return found


_SLIPS = _slips()
