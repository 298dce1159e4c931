"""What sounds like a STOP and is none: it asks for texts back, keeps some of them, asks about STOP, or is praise."""

import re

from assistant.domain.compliance_words import LISTS
from assistant.domain.phrases import phrases

_NAMES = LISTS | {
    "kinds": """
        reminders reminder billing payment payments receipts receipt account confirmation confirmations important
        appointment_texts appointment_reminders appointment_ones appointment_messages appointment_alerts recordatorios
        recordatorio avisos cobros cobro pagos cuenta importante
        importantes confirmaciones
    """,
    "ask": "please pls plz just can could you u so and hi hey ok okay yes",
    "not_me": "no ya_no nunca ni me nos les le si por de_que",
    "ends": """
        stop unsubscribe opt_out opted_out unsubscribed stopped texted_stop said_stop hit_stop sent_stop replied_stop
    """,
}

NOT_MEANT = phrases(
    """
    # i'll stop texting you now haha; do i need to unsubscribe to cancel; what does stop do; cancel my opt out
    i'll|i_will|ill|i_can|i_could|i_should|let_me|i_must|i_would stop|quit|cease <contacting>|asking|bugging|now|
        blowing
    i quit|stopped|stop trying|texting|messaging|calling|asking
    what|que happens|happen|does|pasa|mean|means|significa .? .? .? <ends>|stop|alto|baja
    what|que does|do|is .? .? <ends>|stop|opt .? mean|means
    as a member|client
    authorization|permission|consent|authorize to|for charge|charging|autopay|payments|bill|billing|my_card|photos|
        the_charge
    get out of it $
    mande|puse|di|escribi .? .? numero equivocado
    ^ no text $
    borre|quite|mande|perdi el|la|un|una|su correo|mensaje|texto
    no se me quita
    did|do|have|has|will|when|why|if .? .? <texts> stop|stopped|end
    unsubscribe|unsubscribed|opt|out me? from|of .? .? plan|membership|tier|package
    need|want|get .? the|a|my|another reminder
    if|once|when|si|cuando i|we|me|yo .? <ends>|reply|text|respond|pongo|doy|mando|respondo|opt
    ^ do|should|must i|we have|need? to? unsubscribe|opt|stop|text_stop|reply_stop
    unsubscribe|unsubscribed|unsubscribing from netflix|hulu|spotify|so_many|youtube|amazon|disney
    undo|cancel|end|remove|ignore|take_back|takes_back|reverse|lift|disregard|anulen|deshagan|quiten .? .? opt|
        opt_out|stop|unsubscribe|block|baja|bloqueo|do_not
    <neg> want|mean|meant|trying|wanna|wish|ask|asked|like|intend to? unsubscribe|opt|stop|darme|dar
    no quiero|queria|quise|quisiera|pedi darme|dar|que_me_den|salir de_baja|de
    why was|were|am i|we unsubscribed|opted|taken|removed|blocked
    cancel|cancelar|pay|pagar|pause|book|sign|join by|over|via|through|por text|sms|phone|message|mensaje|texto|
        email|correo
    accidentally|accidently .? .? .? <ends>|opted
    <ends> .? .? .? by accident|mistake
    i|we don't|dont|do_not|didn't|would|really|just? want|wanna|like|love|need|have|had|trying|able to text|message|
        email|call
    my|the kid|son|daughter|husband|toddler|baby|wife|phone .? texted|said|hit|sent|replied stop
    report|reporting|reported|reportar|reporto|denunciar .? .? .? .? bbb|bb|b|better|state|board|attorney|owner|
        corporate|manager|estado|profeco|medical|health|insurance|bank|yelp|google
    sending|mandarme|mandando|mandarnos me|con|to|a to|a|el|un|the|robot a|an|robot|bot|the|machine? bot|robot|
        machine|quiero
    sending|send me in|around|back
    correo|numero|direccion|telefono|cel viejo|vieja|anterior|nuevo|nueva
    mandar|mandarme|mande|manden a|con la|el|otra|otro|una nueva|nuevo|muchacha|senora|chica|esteticista|persona
    my phone|email|mail|carrier|filter|provider blocked|blocks|marked|marks|flagged|flags|sent|thinks
    fixed|unblocked it|that|now|you|this
    not spam|junk
    baja .? .? .? .? <membership>|plan|socia|socio|miembro
    antes|despues de las|la
    mejor en|por la|las tarde|manana|noche|tardes|mananas
    calling it|her|him|them
    i'm|im|i_am|soy|am interested
    don't|dont|do_not forget|worry
    for_now|temporarily|por_ahora|por_el_momento
    <manden> .? .? .? dos_veces|doble|de_noche|en_domingo|los_domingos|tan_temprano|tan_tarde
    lista|list de|of espera|cancelacion|cancelaciones
    del|el|este programa
    """,
    _NAMES,
)
"""Of a clause: what it says is of other things, of another day, or of how STOP works."""

WANTED = phrases(
    """
    # put me back on; why did the texts stop? i want them; activen mis mensajes
    put|add|opt|sign|turn|turned|switch|bring|get|wants|have|let|like me|us|it|them|him|texts|messages|my|the|your .?
        .? back
    i|we|do|and|but want|like|miss|need back in|on
    texts|messages .? stop i|we want|wanted|miss
    ^ i|we want|wanted|miss|love|like|enjoy them|my_texts|the_texts|texts_again|these_texts|your_texts $
    i|we do want|like|need|enjoy <texts>|them|these|the_texts|to_be
    please|and|but|can_you|could_you|just|do|guys_can keep|continue|start|restart|resume sending|texting|messaging|
        them_coming|em_coming|the_texts|the_messages
    ^ keep|continue|restart|resume sending|texting|messaging|them_coming|em_coming|em|the_texts|the_messages
    start|restart|resume|begin .? .? again
    please keep|start|restart|resume <texts>|my_texts|sending|texting
    i|we|would|do|really|and want|love|like|need more <texts>
    ^ quiero mas <mensajes>
    ^ hola|si|pues|oye|ahora? quiero|quisiera que me manden|escriban|avisen|lleguen|envien|textee|texteen
    !<not_me> quiero|quisiera|gustaria estar|seguir .? .? .? .? lista
    ^ quiero|quisiera estar|seguir .? .? .? .? lista
    i|we|would|do want|like|love to? be|stay on .? .? list
    ^ want to? be|stay on .? .? list
    ^ please? keep|leave|dejenme|dejen me? .? .? on|en .? .? list|lista
    but|and|pero keep|leave me .? .? on .? .? list
    llamenme|escribanme|mandenme|marquenme .? .? al|a .? otro|cel|numero|mi
    resubscribe|resubscribed|un_stop|un_unsubscribe|unstop
    turn|switch|put .? .? <texts> on|back|again
    turn|switch|put .? .? .? alerts|notifications .? on|back
    didn't|didnt|did_not|never|not mean|meant|intend to|it|the|by|that|$
    but i|we changed my mind
    ^ .? send|mandenlos|mandelos them|$
    texts|messages send|keep|start them
    but i|we want|need|like my|the|your|them <texts>|back $|back|again|please|on
    stop to the wrong number|company|person|one|thread
    stop meaning another|a_different|the_other
    remove|take|get me|us off|from .? do_not|do_not_text|do_not_contact|do_not_call|block
    texts|text|texting|messages is|are fine|ok|okay|good|better|great|helpful
    activen|activa|active|activame|reactiven|reactivar|reactiva mis|los|las|el|mi mensajes|textos|avisos|
        notificaciones
    !<not_me> sigan|siga|sigue mandando|mandandome|enviando|escribiendo
    !<not_me> quiero|quisiera recibir|que_me_lleguen
    ^ quiero|quisiera recibir
    !<not_me> me gustan|encantan
    ^ me gustan|encantan|sigan
    ^ quiero los|mis mensajes|textos|avisos
    !<not_me> quiero|quiere los|mis mensajes|textos|avisos
    ^ just|only|please|rather|but|can_you|you_can* text|message|txt me|us instead|only|please $
    stop|baja|mensajes|quite|cancele|borre|alto .? .? .? por|sin error|querer
    !<neg> text|txt|message me|us|it instead|only|please
    just|only text|texts|message|messages $
    keep them|it $
    a surprise|secret
    want to keep them|getting|the_texts
    mejor|mandenme|prefiero texto|mensaje|textos|mensajes
    """,
    _NAMES,
)
"""Of a whole message: the texts are wanted."""

MISSED = phrases(
    """
    # my phone deleted your text, can you resend it; your email went to spam; is this a scam?
    resend|reenvien|reenvia|reenviar
    send|sent|mandan|mandar it|that|the|lo|me .? .? again|otra_vez|de_nuevo
    <neg>|no get|got|receive|received|see|find|saw|recibi|llego|llega|llegaron|veo .? .? .? <texts>|<mensajes>|it|
        confirmation
    did|didn't|why|cuando u|you|they|the|your|ya|guys? not? just? send|text|message|email
    cut off
    went|goes|was|in|into|en|a to|the|my|your|la? spam|junk
    spam folder|filter|box
    miss|lose|missed any|the|a|your|out|my? <texts>|on
    deleted|lost|erased|borre|perdi the|your|it|my|el|su <texts>|<mensajes>|by|sin
    is|are this|it|that|these|your|the .? .? .? spam|scam|real|legit|automated|bot|you
    esto|es es? spam|estafa|real $
    who|whose|what|which|quien|que is|are|es|me .? texting|this|that|these|escribe|manda
    my|mis|our <texts> aren't|won't|not|no|are_not|never
    terms|price|increase|contract|policy
    my|a|the|is new|other|old|second number|phone|cell|email|address
    new number|phone|email is
    stop|swing|drop|come|stopping|stopped|pass by|in|at
    enough about|said|for|to|credits
    enough with|of the|this|my !<texts>
    block|blocked me|out|off out|off|for
    isn't|isnt|not|aren't|never getting|receiving|been_getting your|any|the|my? <texts>
    hacen|hace gastar|reir|sonreir
    no|nunca dejo|paro|dejas|dejamos de
    lost|broke|died my? phone
    reach|reaching you|u $
    let me know
    opt|opting|opted in
    <neg>|no have|has any|your|the|a? <texts>
    please|pls|plz|can_you|could_you|have_someone contact|call|text|email|message|reach|write me|us .? .? .? $
    photographed|filmed|recorded|videoed
    ^ <ask>* text|message me|us|her|him|my|both
    send|text|give me? .? details|info|link|more_info|directions|picture
    put me with
    wrong chat|thread|text|window|group|convo
    not you
    manden|mandar|mande con|a otra|la|el|una|otro
    promo|promotional|discount|coupon|codigo code|codigo|de
    ^ .? who|whos|who's|quien|whats|what's|what|which|how
    last|previous|anterior text|message|mensaje|texto
    """,
    _NAMES,
)
"""Of a whole message: it is about texts that came or did not, and none is to end. Only a guess gives way to it."""

KEPT = phrases(
    """
    # stop the promos but keep the reminders; solo mis citas
    but|pero|just|still .? keep|leave|dejen|si|want|quiero|send|sigan|need .? .? .? .? <kinds>|ones
    keep|leave|dejen|conserven .? .? .? <kinds>|billing_ones
    just|only the|those|stop|off marketing|promos|promotions|ads|sales|specials
    <kinds> ok|okay|fine|is|are
    but .? .? .? .? get|have|want|like|keep .? .? <kinds>
    solo|nomas|solamente lo .? .? .? <kinds>|pago
    just|only|solo|nomas|solamente .? .? .? <kinds> texts|ones|messages|stuff|please|por_favor|porfa* $
    ^ just|only|solo|nomas .? .? .? <kinds>
    just|only|solo|nomas|solamente .? .? .? appointment|appointments|cita|citas $
    <kinds> .? .? .? si|estan_bien|esta_bien
    pero|y si|sigan|lo_de|los_de|dejen|avisandome .? .? .? cuenta|cita|citas|pago|pagos|demas|cobros|recordatorios
    solo|nomas cuando|si
    promociones|ofertas|promos|anuncios|especiales nomas|solamente|solo
    dejen lo|los demas|de
    keep me on|for .? .? appointments|reminders|billing
    <kinds> only|solamente|nomas|are_fine|is_fine|are_ok|okay $
    """,
    _NAMES,
)
"""Of a whole message: some of the texts are wanted, and it says which."""

ASKS = phrases(
    """
    ^ .? who|what|how|why|where|which|is|are|was|do|does|did|quien|que|como|porque|es|cual|this|donde|hola|hi|hey
    who|quien is|are|es|dis|this
    """,
    _NAMES,
)
"""Of a question: it asks who we are, or why we write."""

OTHER_THINGS = frozenset(
    """
    photo photos picture pictures pic code spots spot polish plan membership appointment appt visit card charge
        charges refund
    fee fees price deposit tip facial filler botox cream serum package renewal autopay payment payments dues invoice
        bill
    receipt credit credits pause freeze hold upgrade schedule waitlist treatment treatments session class reservation
        booking
    wrinkles skin face lips foto fotos manchas arrugas cita citas plan membresia tarjeta cobro cobros cargo cargos
        pausa pago
    pagos factura recibo tratamiento masaje renovacion propina agenda address parking music noise hour hours needles
        numbing
    """.split()
)
"""What a "remove" or "no more" may be of, where none of our texts, lists or numbers is named."""
_NAMED = "number numero list lista unsubscribe"
OURS = frozenset(
    " ".join((*(LISTS[name] for name in ("texts", "contacting", "contacted", "mensajes")), _NAMED)).split()
)

_STEMS = r"""
sto+p st[ao]+[hw]+p quit end(?:s|ed|ing)?(?!\S) ceas desist halt(?!er) no(?:t|pe|ne|body|thing|mas)?(?!\S) nah(?!\S)
        never without
zero(?!\S) cero enough done(?!\S) over(?!\S) off(?!\S) out(?:ta)?(?!\S) away alone un-?su uns[cu] unlist unjoin
        unenroll unlink
cancel block mute lose(?!\S) forget eras wip purg scrub nix ditch kill cut(?!e) leave(?!\S) left gone spam harass
        annoy
bother tired sick(?!\S) hate fed(?!\S) unw unsolic intrus revok withdr rescind refus declin object opt(?!ion) remov
        take(?:n|s)?(?!\S)
taking delet drop exclu disable deactiv discontin terminat suspen refrain rather prefer(?!red) tcpa fcc lawsuit
        sue(?!\S) attorney
lawyer report illegal wrong anymore \w+n't(?!\S) (?:do|is|ai|are|was|ca|wo|has|have|did|does|would|could|
        should)nt(?!\S) lay(?!\S) shut
turn kick boot knock dump toss trash burn(?!ing) detach omit free(?!\S) release reject resign exit scram shoo junk
        stfu wtf fuck silence
strike struck pull(?!\S) last(?!\S)
basta alto(?!\S) nunca jamas ya(?!\S) ni(?!\S) sin(?!\S) fuera nadie ningun hart[oa] cansad molest fastidi acos
        equivoc baja(?!\S)
de[js]e[nms]? dej des[ui][sn]?[csu] desactiv retir revoc sal(?:ir|go|irme) olvid bloque elimin borr[ea] borrar quit
        sa[cq] par[ea]n?(?!\S) parar cese
abst[ei]n evit nada tampoco denunci demand anul suspend deten mejor apag cort chol adios
""".split()
REFUSES = re.compile(rf"(?<!\S)(?:{'|'.join(_STEMS)})")
"""How words begin without one of which nobody asks for an end: "contact me" and "add me to your list" have none."""

DENIES = phrases(
    """
    not|isn't|isnt|ain't|aint|never|nobody|no_one|noone|doesn't|doesnt|don't|dont|no|nope|no_longer|isn|neither|
        nadie|nunca|ningun|ninguna
    wrong number|person|phone|num|guy|lady|girl|gal|one|contact|party|recipient|woman|man
    equivocado|equivocada|equivoco|equivocaron|equivocan|confunden|confunde|otra_persona|otro_dueno
    someone_else|somebody_else|another_person|used_to_be|belongs|previous|recycled|landline
    """,
    _NAMES,
)
"""Of a guess that the number is somebody else's: it is said that somebody is not here."""

FLATTERY = phrases(
    """
    making|make|made me|us blush|laugh|cry|smile|hungry|rich|spoiled|broke
    too|so|very|super|soo sweet|kind|cute|nice|good|funny|generous|gorgeous|pretty|thoughtful
    amazing|adorable|hilarious|blushing
    the best
    love|loving it|this|that
    me sonrojo|sonrojan|hacen_reir
    elogios|cumplidos|compliments
    """,
    _NAMES,
)
"""Of a whole message: its "stop" is praise, if it is of nothing that we send."""


def flatters(said: str) -> bool:
    """Whether a "stop" is modesty or mirth: "stop, you're making me blush"; after a "but" it is meant."""
    return _SENT.isdisjoint(said.split()) and FLATTERY.said_in(said)


_SENT = frozenset(
    f"{LISTS['texts']} {LISTS['contacting']} {LISTS['mensajes']} but pero list number unsubscribe opt".split()
)
