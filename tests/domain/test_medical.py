import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.medical import Medical, read
from assistant.domain.medical_acts import ACTS
from assistant.domain.medical_beside import BESIDE
from assistant.domain.medical_ideas import IDEAS
from assistant.domain.medical_looks import LOOKS
from assistant.domain.medical_spelling import spelt
from assistant.domain.medical_words import WORDS
from assistant.domain.medical_words_es import WORDS_ES
from assistant.domain.words import matchable

CARE = """
is this swelling normal?
my face is swollen after yesterday
I'm pregnant can I still come
can I take ibuprofen after
me duele mucho la cara
estoy embarazada
having an allergic reaction
tengo hinchazon en los labios
My eyelid is drooping
breaking out in hives
I'm on blood thinners is that ok
"""
CRISIS = """
i want to kill myself
no puedo respirar
I can't breathe
I don't want to be here anymore
quiero morirme
"""
NEITHER = """
painless!
this price hurts
is botox included
sick of these texts
how much is botox
i'm dying to see you
it doesn't hurt to ask
does the plan cover acne facials
pause my membership
hurts my budget, need to cancel
is it normal to be charged twice
"""


CARE_AS_SAID = """
hi my upper lip looks like a sausage since the filler on saturday
when am i allowed to put makeup on again
i take eliquis, will that be a problem for my appointment
everything looks double when i look left
my eyebrows are at different heights
skin is so dry and flaky and tight after peel what do i do
i got sunburned this weekend can i still do laser
tiny red dots all over my cheeks from yesterday
I woke up and my face was like a completely different shape
wax took a layer of skin off my lip
am i ok to get my hair colored today had botox this am
i rubbed my forehead without thinking, will it migrate
feels like somebody is stabbing my temple
trying for a baby this fall, should i be doing botox
my bloodwork came back weird and my doc said hold off on everything
migranes every day since botox
cant raise one eyebrow its stuck
puedo hacer zumba hoy en la noche si me puse botox en la mañana
me salió agüita amarilla de donde me picaron
me sirve el árnica?
mi mamá tiene 70 y padece del corazón ella se lo puede hacer?
coño se me viró la cara
tengo la zona súper tirante y me escuece
me mandó mi doctor a que pregunte qué me pusieron
se me hizo un hueco en el muslo con la máquina de frío
hey so i work out every day is that gonna mess up my tox
how often do i reapply the ointment
i look angry all the time since you did my brows
Got the flu vaccine and Botox same day yikes ok?
baby kicked me in the nose after rhino filler
running a temp can i reschedule
shes not breathing right
can i do dermaplane at home this week
i cannot feel or move the right side of my upper lip
my lips are uneven can you fix this
my vision is kind of blurry since this morning
buenas tardes, tengo un ojo más cerrado que el otro después del botox
cuánto tiempo evito el sol
tengo que dejar la isotretinoína antes del láser?
estoy preocupada por una bola en el cachete
pausen mi membresía, voy a tener un bebé en abril
vomité después del suero
wondering if its cool to hit the gym later i got my forehead done at noon
i cant frown evenly
my cold sore is back
my wifes eye is completely closed this morning after her visit
my heart is beating so fast since the shot
your nurse said to text if it got worse. it got worse
day 4 still cant smile
tomo losartan y metformina, me afecta en algo
me late el parpado sin parar
there's like a bubble of filler under my eye
i'm on birth control does that affect anything
my period is super late after the hormone pellets
how often should i apply the cream you gave me
sleeping on my side ok?
your aesthetician ripped my skin
puedo entrenar mañana si hoy me hice botox
swolen lips pls help
feels like my eyes are gonna pop out, so much pressure
the massage therapist pulled something in my neck
can i still get treated if i have the flu
had lasik last month can i do botox around my eyes
going through menopause and my skin is freaking out
do i need to keep it covered
is swimming ok 2 days after
everything went black for a second
soy diabetica me puedo hacer el peeling
I had a glass of wine is that going to be a problem for tomorrow
I look like i got beat up
my skin turned orange
i take synthroid
me inflame toda
the peel left me with burns
no bruising but a lot of pain when i chew
forgot to tell you i had botox somewhere else 3 weeks ago is that ok
got hit in the face with a softball
having an MS flare
the b12 shot hurts so bad can barely sit
please have dr kim call me regarding my eye
se me bajo el parpado
have a big zit where the needle went in, do i pop it
the skin by my eyebrow is dented
it is turning black
i used self tanner is that a problem for thursday
do i need to fast before my iv
do i need a doctors note, i have a heart condition
scared. my lip is really pale
i twisted my back on the table
what did you do to my face
can you look at my eye, its half closed
stinging and burning after i used the serum
i can't smile properly anymore
can i wear a bra after the arm treatment
what should i not do after a peel
should i stop my birth control for laser
expecting my first, need to pause
que hago si me sale ampolla
my eyebrow arch is too high on one side, can it be fixed
feel like crap since yesterdays drip
i look deformed
i need dr lee to look at my nose
me corte las venas
my lip filler is lumpy on one side, should i massage it
can i eat normally after lip filler
i have a thyroid problem
i look crazy, my eyebrows are up to my hairline
nobody warned me it would hurt this bad
"""
"""As members put it: no two alike, and no word of a symptom in many."""
CRISIS_AS_SAID = """
my vision went spotty for a few minutes
can't catch my breath and my lips are tingling
calling an ambulance
i dont wanna be alive anymore
my tongue feels thick and I'm scared
I just need it all to stop. there's no point anymore
thinking of ending things tonight
i took a bunch of pills
nobody would notice if i was gone
me siento muy triste ya no le encuentro caso a vivir
quisiera dormirme y no despertar
me quiero quitar la vida
todos estarían mejor si yo no estuviera
llamé al 911 por mi reacción
my sister passed out in the chair. she's grey
i cant stop crying and i dont trust myself tonight
im going to jump
i wrote a note. i'm sorry
i'd rather be dead than look like this
what's the point of being here
they'd be happier if i was dead
took the whole bottle
my life is over i want out
I am not wanting to live no more
having trouble swallowing
my chest feels really tight
no puedo abrir el ojo de lo hinchado
quiero acabar con todo
my throats getting tight
i have nothing left to live for
honestly im not safe right now
i keep thinking about driving off the road
want to go to sleep and never wake up
every day hurts and i dont want to be here
called an ambulance for my mom shes your client
i cant go on like this anymore
nobody cares if i live or die
i just want to disappear
my life isnt worth it
ya no puedo mas, me quiero ir de este mundo
my chest hurts
i have pills and im going to take them
my tongue is swollen
i need an ambulance
i feel like dying
i have an appointment with an eye doctor because my vision got worse since friday
my vision went dark for a few seconds
i see double
calling 911
nobody would miss me
throat tight
tongue swelling
throat swelling up call me
i almost passed out in the shower
i don't feel safe with myself
i cant take living anymore
"""
"""By their own hand, or by their body."""
FIGURES_OF_SPEECH = """
im bleeding money this month can i pause
numb from your prices lol
it hurts to pay this much
is it normal to get billed on the 3rd
my boss is a headache, reschedule me to friday
my wallet is bleeding
my bruise is gone thanks for checking
i work at the hospital so evenings only please
my ER shift ends at 7, can i come at 8
can i shower there after my visit
is it safe to send my card by text
this app is giving me a migraine lol where do i update my card
im allergic to spam please stop
i have a fever for more facials haha
cant make it, stuck at the hospital with my dad
the bleeding obvious question is why was i charged twice
is it normal for a refund to take a week
is it normal that i get 3 texts a day
qué dolor pagar eso jaja
me duele el alma cancelar pero no puedo más con los gastos
me tienen mareada con tantos cobros
trabajo en urgencias y salgo a las 7, tienen cita?
no puedo ir, estoy cuidando a mi suegra en el hospital
es normal que tarden en devolver el dinero?
es normal que salga dos veces el cargo?
cero dolor, son unas maestras
me salió cara la broma, quiero mi reembolso
is it safe to park there at night
is it normal to not get a receipt
pregnant pause lol... ok fine upgrade me
swell, thanks
i got covid money lol can i prepay
I can't make it, my kid has a fever
my mom is in the hospital so I need to cancel tomorrow
is this charge normal
what a headache, can I talk to someone
is it safe to click this link
cero dolor, gracias
sin moretones esta vez
no puedo ir, mi niña tiene fiebre
mi mamá está en el hospital así que cancelo mañana
es normal que me cobraran antes?
ese cargo es normal?
qué dolor de cabeza, puedo hablar con alguien
heart attack price
can i sit in the sauna with my plan
im expecting a refund
sorry cant come my kid is throwing up
my husband had a heart attack so i need to pause
in the hospital with my daughter, push my appt
i work nights at the ER, texts after 3 please
burned through my credits already?
This is the third headache you have given me, fix my bill
not a single bruise!
my hours at the hospital got cut, downgrade me
i can't swallow that price
i almost fainted when i saw the total
that bill gave me heart palpitations
sticker shock gave me chest pains lol
your website gives me hives
i'm bleeding cash, pause me
i'm allergic to commitment lol, is there a contract
nervous about my first facial but excited, see you at 2
im sick can we do next week instead
my head hurts from this billing mess
me duele no poder ir
me duele la cartera
the light is burned out in your parking lot
dark spots are gone thanks to you
redness is gone, amazing
refund the no show fee i was at the er with my kid
i had surgery last month and im all better, resume my plan
bleed me dry why dont you
your deal burned a hole in my pocket
is it supposed to renew automatically
is tipping normal
no puedo mover mi cita
"""
"""What sounds like a body and is a bill, a joke, somebody else's, or well again."""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (text, kind)
        for table, kind in (
            (CARE, Medical.CARE),
            (CARE_AS_SAID, Medical.CARE),
            (CRISIS, Medical.CRISIS),
            (CRISIS_AS_SAID, Medical.CRISIS),
            (NEITHER, None),
            (FIGURES_OF_SPEECH, None),
        )
        for text in table.strip().splitlines()
    ],
)
def test_what_a_clinician_must_see(text: str, kind: Medical | None) -> None:
    assert read(text) is kind


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("my fase is swolen", "my face is swollen"),
        ("Sweling won't go down", "swelling wont go down"),
        ("I'm swollenn", "im swollen"),
        ("tengo inchada la kara", "tengo hinchada la cara"),
        ("i can not feel it", "i cant feel it"),
        ("hurtsss", "hurts"),
        ("i was injected", "i was injected"),
        ("smelling the singles in the mirror", "smelling the singles in the mirror"),
    ],
)
def test_a_slip_is_put_right_and_an_ordinary_word_left(written: str, meant: str) -> None:
    assert spelt(matchable(written)) == meant


def test_a_figure_of_speech_hides_nothing_beside_it() -> None:
    assert read("this bill hurts") is None
    assert read("this bill hurts and my face is swollen") is Medical.CARE


def test_what_stands_late_in_a_long_text_is_seen() -> None:
    assert read("so " * 500 + "my lip is swollen " + "and " * 500) is Medical.CARE


def test_every_idea_names_kinds_that_have_words() -> None:
    known = {kind for lists in (WORDS, WORDS_ES, ACTS, LOOKS, BESIDE) for kind in lists}
    named = {
        kind
        for ideas in IDEAS.values()
        for idea in ideas
        for kind in (idea.first, *(step.kind for step in idea.steps), *idea.never)
    }
    assert named <= known


@given(st.text(max_size=200) | st.lists(st.sampled_from(CARE_AS_SAID.split()), max_size=40).map(" ".join))
def test_no_text_is_too_much(text: str) -> None:
    assert read(text) in {None, *Medical}
