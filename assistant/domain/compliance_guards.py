"""What sounds like a STOP and is none: it asks for texts back, keeps some of them, asks about STOP, or is praise."""

from assistant.domain.compliance_words import LISTS
from assistant.domain.phrases import phrases

_NAMES = LISTS | {
    "kinds": """
        reminders reminder billing payment payments receipts receipt account confirmation confirmations important
        appointment appointments recordatorios recordatorio citas cita avisos cobros cobro pagos cuenta importante
        importantes confirmaciones
    """,
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
    report|reporting|reported|reportar|reporto|denunciar .? .? .? .? bbb|better|state|board|attorney|owner|corporate|
        manager|estado|profeco|medical|health|insurance|bank|yelp|google
    sending|mandarme|mandando|mandarnos me|con|to|a to|a|el|un|the|robot a|an|robot|bot|the|machine? bot|robot|
        machine|quiero
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
    please|and|but|you|can|just|do keep|continue|start|restart|resume sending|texting|messaging|them_coming|
        em_coming|the_texts|the_messages
    ^ keep|continue|restart|resume sending|texting|messaging|them_coming|em_coming|em|the_texts|the_messages
    start|restart|resume|begin .? .? again
    please keep|start|restart|resume <texts>|my_texts|sending|texting
    resubscribe|resubscribed|un_stop|un_unsubscribe|unstop
    turn|switch|put .? .? <texts> on|back|again
    turn|switch|put .? .? .? alerts|notifications .? on|back
    didn't|didnt|did_not|never|not mean|meant|intend to|it|the|by|that|$
    but i|we changed|want|need|like my|the|your|them mind|<texts>|back
    stop .? .? .? .? wrong number|company|person|one|thread
    stop meaning another|a_different|the_other
    remove|take|get me|us off|from .? do_not|do_not_text|do_not_contact|do_not_call|block
    texts|text|texting|messages is|are fine|ok|okay|good|better|great|helpful
    activen|activa|active|activame|reactiven|reactivar|reactiva mis|los|las|el|mi mensajes|textos|avisos|
        notificaciones
    !<not_me> sigan|siga|sigue mandando|mandandome|enviando|escribiendo
    !<not_me> me gustan|encantan
    ^ me gustan|encantan|sigan
    ^ quiero los|mis mensajes|textos|avisos
    !<not_me> quiero|quiere los|mis mensajes|textos|avisos
    ^ just|only|please|rather|but|can_you|you_can* text|message|txt me|us instead|only|please $
    stop|baja|mensajes|quite|cancele|borre|alto .? .? .? por|sin error|querer
    !<neg> text|txt|message me|us|it instead|only|please
    just|only text|texts|message|messages $
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
