"""Words that understanding puts right: emoji, slang, what dictation hears, and our own words with a slip in them."""


def _pairs(text: str) -> dict[str, str]:
    """`slip slip = meant`, apart by semicolons; `_` is a space inside one."""
    pairs: dict[str, str] = {}
    for entry in text.replace("\n", " ").split(";"):
        said, _, meant = entry.partition("=")
        pairs |= {word.replace("_", " "): " ".join(meant.split()) for word in said.split()}
    return pairs


EMOJI = {
    "\N{OCTAGONAL SIGN}": "",
    "\N{THUMBS UP SIGN}": "thumbsup",
    "\N{THUMBS DOWN SIGN}": "thumbsdown",
    "\N{WHITE HEAVY CHECK MARK}": "yes",
    "\N{HEAVY CHECK MARK}": "yes",
    "\N{CROSS MARK}": "no",
    "\N{OK HAND SIGN}": "thumbsup",
    **dict.fromkeys(
        "\u2764\u2665\U0001f60d\U0001f970\U0001f64f\U0001f60a\U0001f618\U0001f495\U0001f496\U0001f929\U0001f917\u263a\U0001f600\U0001f601\U0001f389\U0001f602\U0001f923\u2728\U0001f44f\U0001f973\U0001f499\U0001f497\U0001f49c\U0001f642\U0001f603\U0001f604\U0001f606\U0001f60e",
        "emojismile",
    ),
}

SLANG = _pairs(
    """
    u yu = you; ur = your; r = are; y = y; pls plz plse pleas plis pliz plss plz plase pleese = please;
    thx tx thnx thanx tks tysm thks ty tnx = thanks; wanna wana = want to; gonna gunna = going to; gotta = got to;
    gimme = give me; lemme = let me; dunno = do not know; cuz coz bc bcuz cus = because; tmrw tmr tmw tomorow
    tommorow tommorrow = tomorrow; tonite = tonight; 2day = today; 2moro 2morrow = tomorrow; b4 = before; gr8 = great;
    l8r = later; acct acc = account; appt apt appmt appts apptmt = appointment; msg msgs = messages; mbrshp mbrship
    mshp membrshp memb mmbership = membership; subscrip sub = subscription; bal balence = balance; cc = card; pymt pmt
    paymnt = payment; pmts = payments; im i'm = i am; ive i've = i have; id i'd = i would; ill i'll = i will; dont
    don't = do not; doesnt doesn't = does not; didnt didn't = did not; cant can't cannot = can not; wont won't = will
    not; wouldnt wouldn't = would not; couldnt couldn't = could not; shouldnt shouldn't = should not; isnt isn't = is
    not; arent aren't = are not; wasnt wasn't = was not; hasnt hasn't = has not; havent haven't = have not; whats
    what's wats wuts = what is; wat wut = what; hows how's = how is; wheres where's = where is; whos who's = who is;
    thats that's = that is; its it's = it is; theres there's = there is; youre you're = you are; youve you've = you
    have; lets let's = let us; n nd = and; w/ = with; wen = when; wht = what; hw = how; teh = the; jus = just; rn =
    right now; asap = now; idk = do not know; ya'll yall y'all = you; yr = year; info = information; okey okay okie
    okk kk k oki = ok; yea yeah yep yup yas yass yess yeah yh ye yeh = yes; nah nope naw nop = no; sry srry = sorry;
    smth = something; smb = somebody; sumone = someone; dat = that; dis = this; da = the; wit = with; luv = love;
    kwan = cuando; membresia membrecia membrezia menbresia membersia = membresia; suscripsion suscricion
    subscripcion = suscripcion;
    q ke qe = que; xq pq porq xk pk porke = porque; xfa xfavor pf porfis porfa porfavor plis = por favor; tb tmb
    tambn tbn = tambien; grax graxias grasias gracia grcs = gracias; msj msjs mjs = mensajes; toy = estoy; kiero
    kero qiero quero qro = quiero; stoy = estoy; komo = como; cuanto_s = cuantos; ola = hola; bno = bueno; cta =
    cuenta; sip sii siii = si; nel nop = no; d = de; dnd = donde; tngo = tengo; cancelo = cancelar; pausen pausame
    pauseme pausarme pausenme = pausar
    """
)
DICTATED = _pairs(
    """
    member_ship = membership; can_sell can_cell can_sel = cancel; paws = pause; pawse = pause; paw's = pause; ba_lance
    = balance; bell_ants = balance; up_grade = upgrade; down_grade = downgrade; free's_my = freeze my; frees_my =
    freeze my; un_pause = unpause; re_sume = resume; rezoom = resume; pre_zoom = resume; un_freeze = unfreeze;
    re_join = rejoin; re_start = restart; sign_up = signup; re_activate = reactivate; add_vance = advance;
    pay_ment = payment; cred_its = credits; a_count = account; cancel_ation = cancellation;
    appoint_ment = appointment; re_schedule = reschedule; pos_my = pause my; pas_my = pause my;
    por_que = por que; mem_bership = membership; memory_ship = membership;
    number_ship = membership; my_members_ship = my membership; members_ship = membership; card_it = credit
    """
)
SPANISH_VERBS = _pairs(
    """
    paus = pausar; congel = congelar; descongel = descongelar; cancel cansel canzel = cancelar; salt brinc = saltar;
    omit = omitir; activ = activar; reactiv = reactivar; reanud = reanudar; retom = retomar; cambi = cambiar;
    actualiz = actualizar; quit = quitar; borr = borrar; termin = terminar; reserv = reservar; agend = agendar;
    reagend = reagendar; reprogram = reprogramar; apunt = apuntar; inscrib inscrib = inscribir; reembols = reembolsar;
    devuelv devolv = devolver; elimin = eliminar; anul = anular; deshag deshac = deshacer; contrat = contratar;
    suspend = suspender; dej = dejar; intent = intentar; aclar = aclarar; descuent descont = descontar; atiend atend =
    atender; ayud = ayudar; reinscrib = inscribir; sub = subir; baj = bajar; finaliz = finalizar
    """
)
_TARGETS = """
    pause paused pausing freeze frozen unpause unfreeze resume resuming reactivate restart cancel canceled cancelled
    cancelling cancellation membership memberships subscription balance credit credits update upgrade downgrade switch
    change payment payments charge charged charges refund refunded receipt invoice appointment appointments reschedule
    schedule booking available expired expires expire declined human person manager representative lawyer attorney
    account unsubscribe messages texting month months weeks until january february september october november december
    skip please thanks question how much many remaining benefits perks include included discount plans swollen
    swelling reaction allergic pregnant pregnancy bruising infection infected emergency bleeding hospital rash burning
    blister blisters breastfeeding medication suicidal
    cancelar cancelen pausar pausa reanudar reactivar membresia suscripcion creditos saldo tarjeta actualizar cambiar
    cobraron cobro cargo reembolso recibo factura cita citas reservar agendar beneficios descuento persona gerente
    abogado mensajes meses semanas hasta congelar hinchado hinchazon embarazada alergia alergica alergico reaccion
    dolor fiebre sangrado ampollas quemadura
"""
TARGETS = frozenset(word for word in _TARGETS.split() if len(word) > 4)
NEAR_FIRST = {
    "k": "kc",
    "c": "ck",
    "q": "qc",
    "s": "sc",
    "z": "sc",
    "v": "vb",
    "b": "bv",
    "e": "eh",
    "a": "ah",
    "m": "mn",
    "n": "nm",
}
_ORDINARY = """
    abogada abogados abonado abonados abordado accounted accounts actualidad actualiza actualizada actualizado
    actualizan actualizo agenda agendas agrandar ahogado ahogando alegria alegrias alergias allergies asta
    attorneys avoidable balanced balances benefica beneficas beneficia beneficiados beneficial benefician
    beneficiar beneficio beneficiosa beneficioso benefico benefit benefited blaster blending blessing blinding
    blocking blooming booing bookings booming boosters boosting breeding brooding brookings browsing brushing
    bursting burying cago caigo calcular cambia cambiaba cambiada cambiado cambian cambiara cambiaran cambiaria
    cambiario cambiarla cambiarle cambiarlo cambiarme cambiaron cambiarse cambiarte cambias cambrian cancela
    cancelacion cancelada cancelado cancelaron canceling cancellations cancelo cancels cancer canciller carcel
    carceles carga cargos carlo caro carro cautelar cerraron chance chang changed changer changes charger chargers
    charles charmed charred charters cimas cintas cita citan citar cites cobra cobre cobros combinar compraron
    concealed concealing conceded conceden condenar confesar congela congelada congelado congelador consular
    contaron coro corro cortaron cotas credited credito creditor creditors deceived declared decline declines
    descenso descuentos destined detained discounted discounts dolar doler donor door downgraded embarazadas
    emergence emergencia emergent emergente empire empires expiry explored explores exported factoria facturas
    fibre fractura fracturas fracture freezer freezes froze gerentes harta hast haste hasty hinchada hospitales
    hospitals humana humane humano humans inaction inception inclined includes incluida incluido incluye incluyen
    indebted indicted inducted induction infeccion infectada infectado infections infectious inferred infested
    inflated inflation inflicted ingested ingestion injected injection injections inserted insertion inspected
    inspection intention invented invention inverted invested invoices inyeccion lawyers layer manage managed
    managers manages manger massages mediacion mediation medicacion medications medicion meditacion meditation
    meditations memes mensaje mensajero mensajeros mensuales mentales mesas mess message messes metes mont monta
    montajes monte montes monto montos montt monty moses moth moths mouth mouths muses noviembre pans parks parse
    pasa pasar pase passed passing paterson patients paula pausas pauses pauta pavement peaks pearson peras perdon
    perdona perdonar perk peron personaje personal personas persons peterson pierson pigments plains plan plana
    planas plane planes plank planks plano planos plant plants plays pleas pleased pleases pleasure poignant
    praising presiona puse quemaduras questioned questions reacciona reaccionan reaccionar reacciones reacciono
    reacting reactions reactive reactivos recaudar receipts reciba recibe recibi recibido recibio recibos
    redaccion reduccion reducing reduction refining refunds refusing regaining rejection relacion relation
    remanded reminded reminding remocion repairing representation representativa representativas representatives
    representativo representativos rescheduled rescuing reserva reservada reservado reservas reserved reserves
    reservoir residing restante restar restarted resulting resumed resumen resumes resumida resumido retailing
    retaining sagrado sagrados salado salgo salido salio salmo salto saludo salvo sangrando saturado scheduled
    schedules selling semana semanal semanales seminars septiembre shelling shilling smelling snitch spelling
    spilling stalling stealing sterling stitch subscriptions suicida suicidado suicidas suicides suicidio
    suscripciones swearing sweating sweeping swirling switched switches tanks tarjetas tempting testing thank
    thinks treating tweeting updated updates upgraded upgrades util weeds week
"""
KNOWN = TARGETS | frozenset(_ORDINARY.split())
"""Words that are as they should be, though they lie near one of ours."""
