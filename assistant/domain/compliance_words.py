"""The words and phrases people stop texts with, in English and in Spanish."""

import re

from assistant.domain.phrases import phrases


def _listed(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.replace("\n", " ").split(",") if phrase.strip())


START = frozenset({"start", "unstop", "empezar", "iniciar", "comenzar", "alta"})
HELP = _listed("""
    help, info, information, more info, help me, helpme, help help, help info, i need help, need help, get help,
    ayuda, ayudame, necesito ayuda, informacion
""")

# These may as well end a membership, so they count only where nothing else is said (`rules.md 1.11`).
STOP_ALONE = _listed("""
    cancel, end, quit, revoke, remove, enough, enough already, spam, scam, no more, no mas, ya no mas, no mas ya,
    unsubscribed, unsubscribing, opted out, block, blocked, dnc, quit it, knock it off, cut it out,
    cancelar, cancela, cancele, terminar, finalizar
""")
# These count wherever they stand between two stops, commas or line ends.
STOP_CLAUSES = _listed("""
    stop, stopall, stop all, unsubscribe, unsubscribe me, opt out, optout, opt me out, no contact, do not disturb,
    remove me, please remove, take me off, delete me, leave me alone, leave us alone, leave me be, go away, get lost,
    go to hell, this is spam, delete this number, remove this number, alto, para, pare, paren, parar, para ya, pare ya,
    paren ya, basta, ya basta, basta ya, baja, nunca mas, detener, detente, detenganse, desuscribir, desuscribirme,
    desuscribirse, desuscribeme, desinscribir, no molestar, no moleste, no molesten, no me molestes, no me moleste,
    no me molesten, borrame, borreme, borrenme, quitame, quiteme, quitenme, sacame, saqueme, saquenme, eliminame,
    elimineme, eliminenme, remuevame, remuevanme
""")
_COURTESY = r"(?:please|pls|plz|plse|pleas|thanks|thx|ty|thank (?:you|u)|por ?favor|porfa|gracias)"
COURTESY_BEFORE = re.compile(rf"^(?:(?:{_COURTESY}|hi|hello|hey|hola) )+")
COURTESY_AFTER = re.compile(rf"(?: {_COURTESY})+$")

LISTS = {
    "texts": """
        text texts message messages msg msgs sms mms email emails mail mails mailings notification notifications alert
        alerts reminder reminders
        promo promos promotion promotions ads advertisements marketing spam solicitations communication
        communications newsletter newsletters blasts offers
    """,
    "contacting": """
        texting messaging msging contacting contact calling calls call emailing emails email spamming spam bothering
        harassing harassment pestering bugging scamming soliciting notifying
    """,
    "contact": "text texting message messaging msg contact contacting sms bother spam harass disturb",
    "contacted": "texted contacted messaged called emailed bothered",
    "filler": """
        all any more the your ur these those this that them with of from to for getting receiving sending send
        giving me us my so many much further future it please pls damn stupid annoying automated fucking fuckin
        freaking goddamn unwanted constant random silly daily weekly sales u you guys people even other phone cell
        robo bot by via text membership appointment promo promotional marketing spam sms
    """,
    # Words that leave "stop" the point of what is said.
    "lead": """
        please pls plz just now ok okay yes no hi hey hello omg lol ugh wtf and also again already seriously
        literally i i'm im i'd we said saying say told tell you u yall y'all to can could would will need want like
        asked asking it make must have has got gotta better for the last time love of god sake who dis is this wrong
        number not interested busy at work driving how do get repeat type reply these texts messages texting text
        that so going
    """,
    "tail": """
        it this that them these all everything already now stop u you me man bro dude guys sir lol immediately asap
        today i'm im begging forever ever right away once and for good please pls plz thanks thank ok okay here
        messages texts end unsubscribe quit cancel the madness crap shit nonsense i said mean trying por favor ya
        sending wasting my time selling
    """,
    "drop": "remove take delete get drop scratch strike erase pull",
    "me": "me us number my this phone cell contact info information name",
    "any": "anything any more stuff it these this from you guys anymore ever again all",
    "pal": "sorry bro dude here lol man friend buddy pal again sir try i who stop don't dont this please",
    "party": "number person phone guy girl lady woman man num contact",
    "whom": """
        or call calling email me us you u guys ya please to be ever keep just even again anymore any more back here
        at all this my number
    """,
    "neg": """
        don't dont do_not didn't didnt did_not doesn't doesnt shouldn't shouldnt never not no_need_to hate_for can't
        cant cannot can_not couldn't couldnt won't wont will_not wouldn't wouldnt
    """,
    "soft": """
        want to ever please them just really need like think dare i we seem help mean meant wanna going gonna trying
    """,
    "stop": "stop quit end cancel unsubscribe opt opting stopping remove take delete leave",
    "stopped": "stopped unsubscribed block delete",
    "refuse": "don't dont do_not never no_longer didn't didnt not",
    "wanting": """
        want wanna wish care like need interested consent agree approve authorize appreciate ask asked sign signed
        subscribe subscribed
    """,
    "receiving": """
        to for in up be being getting get receive receiving hear you u any anymore more these those this your ur the
        from have such further future marketing promotional text on of and me sending by via so many all that
    """,
    "list": """
        list lists texts text messages message database system information contacts records thread chat group here
        it everything all promos promotions marketing sms spam messaging texting mailing files
    """,
    "lists": """
        of your ur the this that these those all any every calling texting text mailing call contact marketing sms
        email distribution message phone promo promotional spam fucking damn stupid
    """,
    "membership": """
        membership memberships plan plans subscription autopay auto_pay autorenew auto_renew auto_renewal
        autorenewal renewal renewing renew billing charges charge dues payment payments pause freeze hold credits
        credit price increase waitlist schedule appointment facial treatment treatments visit massage upgrade
        membresia membresias suscripcion pausa cobro cobros pago pagos tarjeta cita
    """,
    "about": "of out from with the my your this our a any future monthly me us to at for auto de la mi el del a",
    "wrong": """
        sorry hi hey hello um uh ok think i no u you you've have has got dialed texted texting this is it's its
        that's thats might may must be the a an to but believe afraid i'm im guess looks like yall guys are reached
        sent please
    """,
    # Spanish
    "cesen": """
        deja deje dejen dejar dejas dejes para pare paren parar basta alto evite evita eviten suspenda suspendan
        suspender detener detengan detenga termine terminen cancela cancele cancelen cancelar stop
    """,
    "relleno": """
        de con los las sus estos esos tantos todos estar me mas enviar enviarme mandar mandarme tus recibir ya a
        tanto ningun otros otro este un por favor mi ver tener seguir recibiendo que manden envien tu su esta del la
        el aqui
    """,
    "molestar": """
        mandar mandarme mandando enviar enviarme escribir escribirme textear textearme molestar molestarme contactar
        contactarme llamar llamarme mensajear mensajearme acosar acosarme molestando escribiendo texteando llamando
        contactando fastidiar fastidiando mandandome enviandome escribiendome
    """,
    "mensajes": """
        mensaje mensajes mensajitos texto textos sms spam promociones publicidad ofertas notificaciones avisos
        llamadas mensajeria correo correos email emails newsletter boletin boletines mails propaganda recordatorios
    """,
    "escriban": """
        escriba escriban escribas textee texteen textees textear moleste molesten molestes molestar contacte
        contacten contactes contactar mensajee mensajeen escribir
    """,
    "manden": "mande manden mandes mandar mandarme envie envien envies enviar enviarme mandando enviando",
    "jamas": "mas ya por favor nunca otra vez a este numero aqui porfa jamas gracias nada",
    "quiten": """
        quita quite quiten quitar quitame quiteme quitenme quitarme saca saque saquen sacar sacame saqueme saquenme
        sacarme borra borre borren borrar borrame borreme borrenme borrarme elimina elimine eliminen eliminar eliminame
        elimineme eliminenme eliminarme remueva remuevan remover remuevame remuevanme retiren retire retirenme retireme
    """,
}

# Said with "you don't": no plea to go on, but anger that we do.
INSISTENT = phrases(
    """
    if|you|u|yall|they|guys you|u|yall? <neg> ever? stop|quit <filler>* <texts>|<contacting>
    if|unless you|u <neg>? stop|quit <filler>* <texts>|<contacting>
    not|can't|cant|don't|dont|won't take|get a|the hint
    can't|cant|cannot|unable_to|not_able_to|let_me|couldn't|can_not i? unsubscribe|opt_out
    """,
    LISTS,
)

REQUESTS = phrases(
    """
    # stop texting me; end these messages; no more texts; STOP PLEASE; can you stop; i said stop; stop who is this
    stop|quit|cease|halt|discontinue|no_more|enough|cut_out <filler>* <texts>|<contacting>
    stop|quit blowing|hitting|sending me|up|my
    stop|quit sending $
    stop|quit sending to this|my number|phone
    cancel|end|disable|turn_off <filler>* <texts>
    ^ way? too many <texts> $
    ^ way? too many <texts> stop|please|remove|end
    take|taking|taken|get|remove my|our name|number|info off|out $
    be|get taken|removed off $
    cease <filler>* and? desist
    no quiero|deseo|quisiera que me sigan|sigas|siga|esten|vuelvan_a <escriban>|escribiendo|<molestar>|mandando|enviando
    no|sin .? llegar|lleguen|llegue|llegaran .? <mensajes>
    turn|shut|switch <filler>* <texts> off
    want|wanna|need off|out of|this|the|your|ur* list|lists|texts|messages|thread|text_list
    not|no|quit texting|messaging|contacting|emailing|calling me|us|this|my
    with|of|w these|the|your|all* <texts> remove|end|stop
    spam|interested|done please|now|so|just* remove|stop $
    <refuse> <contact> this|my|our phone|cell|number|line
    <drop> my|our|this email|mail|address|e_mail|inbox off|from|out
    alto|basta|ya con|de esto|eso|estos|sus|los $
    me? borran|borren|sacan|quitan|eliminan de .? .? lista|listas
    report|reporting you .? .? fcc|ftc
    <texts> stop|remove|end $
    ^ no <texts>|<contacting>|texting me|us|anymore|ever|please* $
    ^ <lead>* stop <tail>* $
    ^ stop i|im|i'm|who|this_is|not|wrong|leave|never|do_not|don't|dont|remove|take|you_have|you_are|you're|we|no|what
    # unsubscribe; opt me out; i do not consent
    unsubscribe
    opt|opting me|us|my|this|number* out
    i|i've|ive have|already* unsubscribed|opted_out|said_stop|texted_stop|asked_you_to_stop|told_you_to_stop
    <neg>|no .? .? .? permission|consent|authorization|authorized to <contact>|send|call
    revoke|withdraw|rescind my|all|any* consent|permission|authorization
    # take me off your list; lose my number
    <drop> <me>* off|from|out of? <lists>* <list>
    <drop> <me>* off|from|out of? this|it|here $
    be removed|taken off|from|out of? <lists>* <list>
    do_not_call|do_not_text|dnc list
    remove|delete|erase|lose|forget|take my|this phone|cell|mobile* number|contact|info off? $
    # don't text me; do not send me any more messages; i no longer wish to receive these
    ^ i_said|please|pls|hey|ok|and|so|just* <refuse> ever|please|keep|just* <contact> <whom>* $
    ^ i_said|please|pls|hey|ok|and|so|just* <refuse> ever|please|keep|just* call|email or <contact> <whom>* $
    <refuse> ever|please* send me|us? any|anymore|more|these|those|this|your|ur|stupid|text|further|other* <texts>
    <refuse> ever|please* send me|us? anything|anymore|more|any_more|these|this again|anymore|more|please|to|me|
        else* $
    <refuse> <wanting> <receiving>* <texts>|<contacted>|list|hear_from_you|hear_from_u
    <refuse> want|wish|care|wanna to? hear|receive|get|be_getting <any>* $
    # leave me alone; wrong number
    leave|let me|us the? .? alone
    ^ .? .? fuck|piss|screw|bug|buzz off
    i_am|i'm|im|gonna|going_to|will|i'll be? block|blocking|report|reporting you|u|this|your|ur
    reported|blocked|reporting you|this|it|as|for|to|number* spam|ftc|fcc
    ^ <wrong>* wrong <party> $
    ^ <wrong>* wrong <party> <pal>
    doesn't|doesnt|does_not|no_longer have|has|uses this number
    ^ .? .? this|it is_not|isn't|isnt|is_no_longer|ain't|not .? .? number|phone|cell anymore|any|more* $
    # dejen de mandarme mensajes; ya no me manden mensajes; no quiero mas mensajes; quitenme de la lista
    <cesen> <relleno>* <molestar>|<mensajes>
    no|nunca|jamas me|nos? vuelvan_a|vuelva_a|vuelvas_a|sigan|siga|sigas? <escriban>|escribiendo <jamas>* $
    no|nunca|jamas me|nos? vuelvan_a|vuelva_a|vuelvas_a|sigan|siga|sigas? <manden> <relleno>* <mensajes>|nada|cosas
    no|nunca|jamas me|nos? vuelvan_a|vuelva_a|vuelvas_a|sigan|siga|sigas? <manden> <jamas>* $
    no me llame|llamen|llames <jamas>* $
    no|sin quiero|deseo|quisiera|queremos|necesito|autorizo|me_interesa|me_interesan? <relleno>* <mensajes>
    no quiero nada mas? de ustedes
    salir|salirme|salgan de la|su|esta lista
    este|ese no es el numero de
    <quiten> <relleno>* numero|telefono|lista|listas|sistema|base|contactos|aqui
    darme|darnos|deme|denme|dame|dar|solicito|quiero|pido|necesito|darse de|la|una* baja
    numero|persona equivocado|equivocada|incorrecto|incorrecta|erroneo
    equivoco|equivocaron|equivoca|equivocan|equivocado de? numero|persona
    deje|deja|dejen|dejeme|dejame|dejenme|dejenos me|nos? en_paz|tranquilo|tranquila|solo|sola
    desuscribirme|desuscribir|desuscribanme|desuscribame|desuscribeme|desuscriban
    ^ .? .? no me? estar|esten|este|estes <molestar>
    abstenganse|abstengase|abstente de <molestar>
    no_more|no_mas|ya_no|fuera|adios .? <mensajes>
    baja|cancelar|cancelen|cancela|cancele|anular|quitar|quiten|terminar|eliminar <relleno>* suscripcion? a|de|
        los|las|estos|sus|the* <mensajes>
    cancel|end|stop my? subscription to|for your|these|the|this* <texts>
    no quiero|deseo saber_nada|saber_mas de ustedes
    dejen|deje|paren|pare de_una_vez|ya $
    este|ese no es mi|su|el numero
    aqui no vive|es
    no_conozco|quien_es a_esa_persona|maria $
    ya_no_quiero|no_quiero nada de ustedes
    sueltenme|olvidense_de_mi|olvidenme
    """,
    LISTS,
)

NOT_REQUESTS = phrases(
    """
    # don't stop texting me; can't stop loving it; i don't want you to stop
    <neg> <soft>* <stop>
    if i|we opt|opted out of
    <neg> want|like you|u|them|it|this|these|the|texts|messages|texting|my|reminders* to <stop>
    <refuse> want|need .? .? .? to stop|end|miss
    no|nunca dejen|dejes|deje|paren|pares|pare|para|quiero_que_dejen|quiero_que_paren|quiero_parar|quiero_dejar
    no me? den|quiero_darme|saquen|borren|quiten|eliminen de? baja|la|mi|del
    # did you stop texting; i unsubscribed by mistake
    did|have|has|had|why'd|haven't you|u|i|we|they|she|he guys|just|already|ever|get|all* <stop>|<stopped>
    resubscribe|undo|oops
    unsubscribed|stopped|opted_out|opted|said|texted|hit|sent|removed .? .? .? .? .? accident|mistake
    accident|accidentally|accidently|mistakenly .? .? .? .? <stop>|unsubscribed|opted|stopped|said|texted|sent|hit
    # unsubscribe me from my plan; how do i opt out of the renewal
    unsubscribe|opt|opting|out <about>* <membership>
    darme|dar|dame|denme de baja de|del|a|mi|la|el* <membership>|plan|cita
    <cesen> <relleno>* <membership> $
    <cesen> <relleno>* <membership> !a|al|to|for
    unsubscribe me? from nothing
    opt|opting out of <about>* facials|facial|massage|massages|visit|visits|add_ons
    stop .? .? love|loving|cute|gorgeous|amazing|so_good|too_good|looking|obsessed|crying|screaming
    stop at !once|this|my
    stop charging|billing|double
    # i gave you the wrong number
    i|we gave|put|entered|typed|used|left|wrote .* wrong
    # what has not come
    no me? llego|llegaron|llega|llegan|recibi|mandaron|enviaron
    no hay|tengo|veo <relleno>* <mensajes>
    no|sin <relleno>* mensajes? de_confirmacion
    """,
    LISTS,
)
