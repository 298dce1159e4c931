"""The same in Spanish, and what is said to be well again in either language."""

from assistant.domain.phrases import phrases

_LISTS = {
    "bad": """
        pain swelling bruising bruise bruises redness bleeding soreness reaction reactions side_effects
        peeling discomfort headache headaches itching numbness scabs bumps bump infection fever tenderness
        irritation complications swollen sore issues lump lumps rash problems hurt hurts painful bruised
        allergies allergy nausea puffiness scarring scars scar numb migraines migraine pregnant
        breastfeeding sick medications meds dolor dolores moretones moreton hinchazon ardor molestia
        molestias reaccion dolio duele arde sangrado hinchada hinchado picazon comezon fiebre rojo roja
        alergias alergia irritacion inflamacion embarazada adolorida
    """,
    "any": """
        more any real bad big single much visible longer so a the really even noticeable major at_all other
        of_my signs_of sign_of to_report whatsoever mas tanta tanto mucha mucho hay tengo tuve tiene me nada
        ningun ninguna casi de estoy soy
    """,
    "gone": """
        gone better healed cleared faded resolved subsided done disappeared vanished healing_well went_down
        went_away fue fueron quito quitaron mejor desaparecio bajo
    """,
}

FIGURES_ES = phrases(
    """
    me? muero|morirme|morir|muriendo|moria de|por .
    muerta|muerto de .
    de muerte
    me|nos duele|dolio|duelen el? bolsillo|codo|alma_pagar|pagar|cartera|que_me|gastar|dejar|dejarlos|irme|cancelar|
        decir|despedirme|no
    dolor|dolores de? cabeza con|por|para|tener|tanto|sus|su|esto|este|es|son
    es|son|sale|ha_sido|que un? dolor de cabeza
    me|nos enferma|enferman|marea|marean|duele_su
    gracias|hola|ay|si|ok|mi|bendiciones|besos|saludos|bye|adios corazon|mi_corazon|mi_vida
    cuesta un ojo de la cara
    un ojo de la cara
    muy|mas|tan|esta|es|sale|bien|demasiado|super|algo|medio|un_poco|salio|quedo|son|estan|re|bastante cara
    cara la|el|esta|su|mi mensualidad|membresia|cuota
    dar|dan|dando|da|doy|dieron la cara
    cara a cara
    caradura|que_cara_dura|unos_cara_dura
    que cara
    echar|echame|echenme|dar|dame|darme|darle una? mano|ojo|mano_con
    a la mano
    mano de obra
    ojo que|con|me|no|porque|ahi
    frente a|de
    en|de|al|hacer frente
    de boca en boca
    de pies a cabeza
    de cabeza
    numeros rojos
    foco rojo
    a sangre fria
    enferma|enfermo|enfermada|mareada|mareado|mareando|harta de|con tantos|tantas|sus|sus_mensajes|tanto|tanta|los|
        las|recibir|esperar|pagar|que|estos|promociones|mensajes|este
    ni|no|casi|apenas ni|no? senti|sentia los|el|la|ni? piquetes|piquete|dolor|pinchazo|nada|aguja
    duele|dolio el alma
    me tienen enferma|enfermo|mareada|mareado|adolorida
    me marean|enferman sus|con|tantos
    quemar|quemo|queme|quemaron|quema|quemado el|mi|los|mis? presupuesto|dinero|credito|creditos|tarjeta|puntos
    me cayo|caido|cae|cai bien|gordo|super|de_maravilla
    se me? cayo|cae|caido la|el|mi senal|llamada|internet|sistema|pagina|app|celular|telefono
    me salio|sale|salen|salieron un|una|el|la|muy|mas|en|que|super|bien|gratis|caro* cargo|cobro|error|caro|cara|
        mensaje|cita|trabajo|viaje|gasto|compromiso|imprevisto|precio|linda|bonita|excelente
    disculpe|disculpen|disculpa|perdon|perdone|perdonen|siento|lamento|por por? la|las|tanta molestia|molestias
    sin molestar
    molestia nuevamente|gracias
    sin|cero dolor
    irritada|irritado|irritante con|por|el|la|que cobro|cargo|cobros|servicio|tanto|tantos|me|este|su
    inyeccion de dinero|capital
    dolorosamente
    no|nunca me? dolio|duele|dolia nada|gracias|para_nada|mucho|tanto|ni_tantito|casi
    casi|ni ni? me? dolio|duele
    ipsum dolor
    trabajo|trabajando|turno|chamba|trabaja en|de|el|la|un|una* hospital|urgencias|emergencias|clinica
    urge|urgente|urgencia pausar|cancelar|una_cita|cita|hablar|cambiar|que_me_cobren|mi|pagar|saber
    cerca|frente|lado|enfrente|atras del? hospital
    soy|como enfermera|doctora|doctor|enfermero|medico
    descuento|descuentos para|a|de enfermeras|doctores|medicos
    emergencia familiar|economica|en_el_trabajo|de_trabajo|financiera|en_casa
    family|work|financial|money emergency
    pica pica
    sol de mi vida
    ahogada|ahogado|ahogandome de|en|con deudas|deuda|trabajo|pagos|gastos|cuentas|cobros
    curada de espanto
    anda|ando|estoy|esta bruja|pela|pelada|frito|frita|arrancada
    ando|estoy mal de dinero|lana|chavos|economia
    mal servicio|cobro|numero|momento|cobrado|trato
    me hierve la sangre
    mala cara
    con todo? el? dolor|pena de mi? corazon|alma
    casi|por_poco me da|the un|el infarto
    ya|you se me? quito|quitar|fue|bajo lo? el? la? hinchado|moreton|rojo|hinchazon|dolor
    despues|saliendo|antes|desde|del de|del el? gym|gimnasio|trabajo|yoga|entrenar
    moreton|hinchado|hinchazon|rojo|dolor ya|you? se|me? fue|quito|quitar
    de corazon
    para|de mi? piel seca|grasa|mixta|sensible|madura|normal
    se me paso|pasaron|olvido|acabo|acabaron|vencio|vencieron|complico|junto|juntaron|antoja|antojo|descompuso|
        perdio|perdieron|fue_el_tiempo|va_el_tiempo
    se me hizo|hace|hara tarde|facil|imposible|dificil|caro|mucho|raro_que|bien
    no tengo|tiene cabeza
    hasta el cuello de
    nacio el|la bebe
    pesar|dolor|pena de mi? corazon
    baja|bajo la|lo hinchazon|hinchado|inflamacion gracias|ya
    ya_no tengo manchas|dolor|granos|acne|moretones|hinchazon|nada
    piel mejoro|esta_mejor|se_ve_mejor
    alergica|alergico a pagar|los_precios|gastar|tanto|tantos|esos|sus
    pica la? curiosidad
    duele mucho irme|dejarlos|cancelar|decirles|perderlos
    """,
    {},
)
WELL = phrases(
    """
    no|not|never|nothing|zero|without|hardly|barely|cero|sin|ningun|ninguna|nunca|ya_no <any>* <bad>
    <bad> is|are|was|were|has|have|all|almost|completely|totally|finally|already|mostly|been|pretty|much|se|me|ya|
        esta|way|feeling|so|lot|looks|looking|a|just|le|my|from|last|time|the|on|face|lip|lips|eye* <gone>
    all|fully|finally|healed|healing|completely healed|up|better
    feels|feeling|feel|doing|much|way|so|lot better
    anymore|longer <bad>
    """,
    _LISTS,
)
"""Where nothing else is the matter; and not where it is asked when it will be."""
UNWELL_STILL = frozenset(
    "when will until till how hope hoping should wont hasnt isnt doesnt still yet why cuando cuanto hasta debe todavia "
    "aun porque espero but pero except".split()
)
"""Beside one of these nobody can be sure of it."""
