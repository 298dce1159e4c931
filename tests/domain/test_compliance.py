import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.compliance import CARRIER_STOP_WORDS, Compliance, is_carrier_stop, read

STOPS = """
stop
Stop.
 STOP
STOP!!!
sToP
"stop"
STOP 🛑
🛑
stopall
STOP ALL
quit
Quit.
end
END!
revoke
cancel
Cancel.
CANCEL 🙏
opt out
OPT OUT
opt-out
Opt-Out!
optout
unsubscribe
Unsubscribe!
UNSUBSCRIBE ME
please unsubscribe
cancel please
please stop texting me
STOP PLEASE
Stop please!
pls stop
plz stop
please stop
please, stop
just stop
stop now
STOP it
stop this
stop already
stop stop stop
STOPSTOP
S T O P
S.T.O.P.
S-T-O-P
st op
un subscribe
sotp
stpo
tsop
STP
stopp
stoppp
st0p
dtop
sotp texting me
unsubcribe
unsuscribe
unsubscibe
unsubscrbe
unsubcribe me please
unsub
unsubscribe me from your texts
how do i unsubscribe
how do I opt out of these messages?
opt me out
please opt me out of texts
I want to opt out
I'd like to opt out
i already unsubscribed!
I already said stop
stop texting me
stop. texting me
Stop, texting, me
stop texting
stop messaging me
stop txting me
stop contacting me
stop calling me
stop sending me messages
stop sending me these
stop sending these texts
stop with the texts
stop all messages
stop the messages please
stop texts
stop bothering me
stop spamming me
stop harassing me
stop blowing up my phone
stop sending me so many damn messages
stop your marketing
can you stop texting me
could you please stop sending me texts?
would you stop
can't you stop texting me
I said stop
i told you to stop
I want this to stop
make it stop
why don't you stop texting me
why won't you stop texting me
if you don't stop texting me I will sue
you never stop texting me
ok stop
no stop
stop I'm not interested
STOP who is this
who is this? stop
who is this stop
wrong number stop
not interested. stop
hi stop
stop today
stop right now
stop immediately
stop everything
quit texting me
quit messaging me
quit sending me this
end these messages
end texts
cancel texts
cancel these messages
cancel text messages
turn off notifications
stop my appointment reminders
no more texts
no more messages
no more
NO MORE!!!
no more spam please
no texts
no texts please
no more texting me
enough with the texts
too many texts
take me off your list
take me off this list
take me off
take my number off your list
please take me off your texting list
remove me
Remove me please
remove me from your list
remove me from this list
remove my number
remove my number from your system
please remove me from all texts
delete my number
delete me from your database
get me off this list
get me off your fucking list
lose my number
forget my number
leave me alone
leave us alone
just leave me alone already
go away
fuck off
dont text
don't text me
don\u2019t text me
Don`t text me
do not text me
do not text me again
dont text me anymore
don't message me
do not contact me
DO NOT CONTACT THIS NUMBER
don't contact me again
never text me again
please don't text me
dont send me messages
don't send me any more texts
do not send me anything else
don't send me these messages
i dont want these texts
I don't want your messages
i don't want to receive texts
I no longer wish to receive messages
i no longer want to receive these
I don't want to be contacted
i do not want any more messages from you
i dont want to hear from you
I don't want to be on this list
I do not consent to these messages
I didn't sign up for these texts
i never asked for these messages
not interested in your messages
i revoke my consent
I revoke consent
withdraw my consent
I'm blocking you
i will report you
reported as spam
this is spam
wrong number
Wrong number!
sorry wrong number
you have the wrong number
I think you have the wrong number
u got the wrong number bro
wrong person
this is the wrong number
this is not her number
this is no longer maria's number
stop texting me and stop charging my card
hey, can you stop? this is too much
I love the facials but please stop texting me
alto
ALTO!
para
Pare por favor
paren
basta
¡Basta!
ya basta
no mas
no más
No más mensajes
no mas mensajes por favor
no mas textos
baja
BAJA
darme de baja
quiero darme de baja
denme de baja
dame de baja por favor
ya no me manden mensajes
no me manden mensajes
no me manden más mensajes
no me envíen mensajes
no me mandes nada
ya no me escriban
no me escriban
no me escriba más
no me textees
no me molesten
no molestar
no me contacten
no me llamen más
no quiero mensajes
no quiero más mensajes
no quiero recibir mensajes
ya no quiero recibir sus mensajes
no deseo recibir promociones
dejen de mandarme mensajes
deje de escribirme
dejen de molestar
deja de enviarme textos
paren de mandar mensajes
paren los mensajes
cancelar mensajes
cancelar
detener
desuscribir
desuscribirme
quiero desuscribirme
quítenme de la lista
quítame de su lista
sáquenme de la lista
saquenme de aqui
borren mi número
bórrenme
eliminen mi numero
elimíneme de su lista
número equivocado
numero equivocado
Tiene el número equivocado
se equivocó de número
persona equivocada
déjenme en paz
dejame en paz
stop por favor
alto por favor
no autorizo mensajes
quiero salir de la lista
do not call or text me
don't text or call me again
please delete my information from your system
I want to be removed from this list
put me on your do not call list
you don't have permission to text me
I never gave you permission to text me
Ana doesn't have this number anymore
stop sending to this number
these messages have to stop
STOP SENDING ME TEXTS OR I WILL SUE
"""

NOT_STOPS = """
don't stop my membership
Don\u2019t stop my membership!
can't stop loving it
I can't stop loving it!
when does my plan end?
when does my membership end
cancel my 3pm
cancel my membership
cancel my membership please
I want to cancel my membership
cancel my subscription
cancel my appointment tomorrow
cancel my facial on friday
cancel my appointment and text me when it's done
please cancel my plan and email me
cancel membership
end my membership
end membership
stop my membership
stop my pause
end my pause
stop the pause
quit the membership
how do I quit the membership
how do i cancel
stop my membership and text me a confirmation
stop charging me
stop charging my card
stop billing me
stop my autopay
stop the renewal
stop payment on my card
I can't stop by today
stop by at 3?
can I stop by at 3
I'll stop by later
stop in tomorrow?
bus stop
I'm at the bus stop
one stop shop
non-stop
pit stop first
don't stop
never stop
please don't stop
don't stop texting me
don't stop texting me!!
dont stop the texts
I don't want you to stop texting me
I don't want the texts to stop
please don't unsubscribe me
don't opt me out
don't take me off the list
I didn't opt out
did you stop texting? I didn't get my reminder
why did you stop sending me texts
I unsubscribed by mistake
I accidentally opted out
unsubscribe from my plan
opt out of the renewal
how do i opt out of auto renew
opt out of my membership
take me off autopay
take me off the schedule
take me off the waitlist
remove me from the 3pm
remove me from the waitlist
remove the pause
remove my old card
delete my card
leave
LEAVE
leave it as is
leave me a message
leave me in the plan
PAUSE
pause
PAUSE 2 pls
resume
card
balance
join
yes
Yes please
no
no thanks
No thank you
not interested
not now
I'm not interested in the upgrade
skip this month
I don't text while driving
text me later
don't worry
don't forget my appointment
don't call, just text
call me
send me a text
no reminder came
I didn't get your text
did you send me a message
got your message
got the texts thanks
wrong card
that's the wrong date
wrong amount
I gave you the wrong number
the charge is wrong
what number is this
who is this
who is this?
what does reply STOP to opt out mean
what happens at the end of the month?
the end
weekend
end of june
at the end of my pause what happens
will my credits stop
no more credits?
no more wine for me
do I have more credits
enough credits for a facial?
is that enough
spa day!
help with my card
too many charges
stopped working
my card stopped working
nonstop fun
I love your texts
I quit smoking
my job ended
unsure
unsuccessful
that was unsuccessful
unsubstantiated
the payment was unsuccessful
I quit my job, can I pause?
When is my end date?
can you revoke the guest pass
unsubscribe me from nothing
I want to stop my membership
how can I stop my plan
paying for the plan, no more
can we stop at 4
should I stop retinol before my visit
when should i stop using retinol
I have no more credits
get me off the july plan
take me off hold
I didn't ask for this charge
i don't consent to the price increase
don't send me the link, i have it
please don't email me, text me instead
I no longer want the facial
opt in
I want to resubscribe
rather opt out of the facial
cancelar mi membresía
quiero cancelar mi membresía
cancelar mi cita
no quiero cancelar
quiero parar mi membresía
detener mi plan
darme de baja de la membresía
quiero darme de baja del plan
no paren los mensajes
no dejen de mandarme mensajes
no me llegó el mensaje
no recibí el mensaje
no me mandaron el mensaje
para mañana a las 3
para cuando es mi cita
es para mi hermana
no gracias
no quiero el masaje
no más créditos?
pausa
pausar mi membresía
hola
gracias
mándenme un mensaje
quiero más información
bajar de peso
¿cuándo termina mi plan?
quitar la pausa
"""


def lines(table: str) -> list[str]:
    return table.strip("\n").split("\n")


@pytest.mark.parametrize("text", lines(STOPS))
def test_stops(text: str) -> None:
    assert read(text) is Compliance.STOP


@pytest.mark.parametrize("text", lines(NOT_STOPS))
def test_does_not_stop(text: str) -> None:
    assert read(text) is None


def test_the_tables_are_big_enough() -> None:
    assert len(set(lines(STOPS))) >= 150
    assert len(set(lines(NOT_STOPS))) >= 80


TAPBACKS = [
    'Liked "Reply P7 to pause"',
    "Liked \u201cYour dues are paid. Reply STOP to opt out\u201d",
    "Loved \u201cSTOP\u201d",
    "Laughed at \u201cstop texting me\u201d",
    "Emphasized \u201cReply STOP to opt out.\u201d",
    "Emphasised \u201cReply STOP\u201d",
    "Disliked \u201cMsg freq varies. Reply STOP to opt out\u201d",
    "Questioned \u201cStop\u201d",
    "Reacted \U0001f602 to \u201cReply STOP to opt out\u201d",
    "Reacted with \u2764\ufe0f to \u201cSTOP\u201d",
    "Removed a like from \u201cReply STOP\u201d",
    "Removed a heart from \u201cReply STOP\u201d",
    "Removed an exclamation from \u201cReply STOP\u201d",
    "Removed \U0001f602 from \u201cReply STOP\u201d",
    "Liked an image",
    "Loved a photo",
    "Reacted \U0001f602 to an image",
    "\U0001f44d to \u201cReply STOP to opt out\u201d",
    "\u200a\u200b\u2764\ufe0f\u200b to \u201cReply STOP to opt out\u201d\u200a",
    "\U0001f44d a \u201cResponda STOP\u201d",
    "Le gust\u00f3 \u201cResponda STOP para salir\u201d",
    "Le encant\u00f3 \u201cResponda STOP\u201d",
    "No le gust\u00f3 \u201cResponda STOP\u201d",
    "Le dio risa \u201cResponda STOP\u201d",
    "Se ri\u00f3 de \u201cResponda STOP\u201d",
    "Exclam\u00f3 por \u201cResponda STOP\u201d",
    "Enfatiz\u00f3 \u00abResponda STOP\u00bb",
    "Dud\u00f3 sobre \u201cResponda STOP\u201d",
    "Reaccion\u00f3 con \U0001f602 a \u201cResponda STOP\u201d",
    "Quit\u00f3 un coraz\u00f3n de \u201cResponda STOP\u201d",
    "Liked \u201cTwo lines\nReply STOP to opt out",
    'Liked "She said "stop" and left"',
]


@pytest.mark.parametrize("text", TAPBACKS)
def test_a_reaction_says_nothing(text: str) -> None:
    assert read(text) is Compliance.TAPBACK


def test_a_line_in_between_is_enough() -> None:
    assert read("I'm at work.\nStop it\nthis is not funny") is Compliance.STOP


def test_words_after_a_reaction_are_words() -> None:
    assert read('Liked "the facial" stop texting me') is Compliance.STOP
    assert read("Loved it! stop") is Compliance.STOP
    assert read("loved my facial") is None


@pytest.mark.parametrize(
    "text", ["HELP", "help", "Help!", "help me", "Info", "INFO?", "ayuda", "¡Ayuda!", "help please", "I need help"]
)
def test_help(text: str) -> None:
    assert read(text) is Compliance.HELP


@pytest.mark.parametrize("text", ["help with my card", "can you help me pause", "info on facials"])
def test_no_help(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["START", "start", "Start!", "UNSTOP", " unstop ", "Empezar", "alta"])
def test_start(text: str) -> None:
    assert read(text) is Compliance.START


@pytest.mark.parametrize("text", ["yes", "YES", "start my pause", "when do we start", "restart", "sí", "subscribe"])
def test_no_start(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "hint", "meant"),
    [
        ("YES", "START", Compliance.START),
        ("anything", "STOP", Compliance.STOP),
        ("stop", "HELP", Compliance.HELP),
        ("hola", " stop ", Compliance.STOP),
        ("YES", None, None),
        ("YES", "", None),
        ("YES", "TAPBACK", None),
        ("stop", "NONSENSE", Compliance.STOP),
    ],
)
def test_the_carriers_reading_decides(text: str, hint: str | None, meant: Compliance | None) -> None:
    assert read(text, hint) is meant


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("STOP", True),
        ("stop", True),
        (" Stop\n", True),
        ("optout", True),
        ("opt out", False),
        ("STOP PLEASE", False),
        ("stop.", False),
        ("", False),
    ],
)
def test_is_carrier_stop(text: str, carrier: bool) -> None:
    assert is_carrier_stop(text) is carrier


AROUND = st.text(st.sampled_from(" .!?\n🙏🛑\u200b"), max_size=4)


@given(st.sampled_from(sorted(CARRIER_STOP_WORDS | {"OPT OUT"})), AROUND, AROUND, st.integers(0, 2**12))
def test_any_case_and_any_marks_around(word: str, before: str, after: str, cases: int) -> None:
    mixed = "".join(c.lower() if cases >> i & 1 else c for i, c in enumerate(word))
    assert read(before + mixed + after) is Compliance.STOP


AROUND_ALL = ["{}\nThanks!", "Hi, {}", "Please {}", "{} 🙏🙏", "\u201c{}\u201d", "{}\r\n"]


@pytest.mark.parametrize("around", AROUND_ALL)
def test_shouting_and_courtesy_change_nothing(around: str) -> None:
    for text in lines(STOPS):
        assert read(around.format(text.upper())) is Compliance.STOP, text
    for text in lines(NOT_STOPS):
        assert read(around.format(text.upper())) is None, text


@given(st.text(st.characters(exclude_categories=[])), st.none() | st.text())
def test_reads_anything(text: str, hint: str | None) -> None:
    read(text, hint)
    is_carrier_stop(text)


@given(st.lists(st.sampled_from(sorted(set(NOT_STOPS.split()) | set(STOPS.split())))))
def test_reads_any_words(words: list[str]) -> None:
    read(" ".join(words))


@pytest.mark.parametrize(
    "piece", ["stop ", "stop the ", "don't ", "no ", "wrong ", "sorry ", "a", "Liked “", "removed a ", "😀"]
)
def test_time_grows_with_length_only(piece: str) -> None:
    begin = time.perf_counter()
    read((piece * 20_000)[:20_000])
    assert time.perf_counter() - begin < 3
