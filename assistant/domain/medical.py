"""Finds what only a clinician may answer, and a crisis, in what people write (`features.md` E20, E21)."""

from enum import StrEnum

from assistant.domain.phrases import phrases
from assistant.domain.words import matchable


class Medical(StrEnum):
    CARE = "care"
    CRISIS = "crisis"


def read(text: str) -> Medical | None:
    """Whether a text speaks of somebody's body or life, so that a person must see it; None where it does not.

    It outranks all else. A false alarm costs a careful answer, a miss may cost more: the doubtful is care. English and
    Spanish.
    """
    said = matchable(text)
    if _CRISIS.said_in(said) and not _NOT_CRISIS.said_in(said):
        return Medical.CRISIS
    if _ALWAYS.said_in(said) or (_CARE.said_in(said) and not _NOT_CARE.said_in(said)):
        return Medical.CARE
    return None


_LISTS = {
    "sign": """
        swelling swollen swells swell puffy rash rashes hives itchy itching itches bruise bruised bruising bruises
        blister blisters blistering blistered redness bleeding bleeds oozing pus infection infected numb numbness
        tingling fever feverish nausea nauseous nauseated vomiting dizzy dizziness faint fainted fainting migraine
        bumps lump lumps welts scab scabs scabbing scar scarring droopy drooping droop lopsided inflamed inflammation
        burned burnt anaphylaxis anaphylactic seizure chills discoloration hyperpigmentation breakout cramping
        hinchazon hinchado hinchada hinchados hinchadas hincho sarpullido roncha ronchas comezon picazon moreton
        moretones ampolla ampollas enrojecimiento enrojecida enrojecido sangrando sangra sangrado sangre pus infeccion
        infectado infectada entumecido entumecida adormecido adormecida hormigueo fiebre nauseas vomito vomitos
        vomitando
        mareo mareos mareado mareada desmaye desmayo migrana bulto bultos costra costras cicatriz inflamado inflamada
        inflamacion quemadura quemaduras irritacion irritada irritado
    """,
    "part": """
        face skin lip lips eye eyes eyelid eyelids eyebrow forehead cheek cheeks chin jaw neck nose mouth head chest arm
        arms leg legs stomach area spot site throat tongue scalp body hands hand armpit bikini
        cara piel labio labios ojo ojos parpado ceja frente mejilla mejillas menton mandibula cuello nariz boca cabeza
        pecho brazo brazos pierna piernas estomago zona garganta lengua cuerpo manos
    """,
    "hurting": """
        hurt hurts hurting sore burning burns stinging stings throbbing aches aching ache painful peeling red itchy numb
        irritated tight hot raw swollen puffy purple blue black white hard yellow weird
        duele duelen arde arden dolio pica pican roja rojo rojos rojas morado morada caliente
    """,
    "drug": """
        accutane isotretinoin antibiotic antibiotics blood_thinner blood_thinners aspirin ibuprofen advil tylenol
        benadryl retinol tretinoin retin_a medication medications medicine medicines meds prescription steroid steroids
        prednisone antihistamine valtrex acyclovir lidocaine insulin chemo chemotherapy xanax warfarin metformin
        semaglutide tirzepatide ozempic wegovy
        antibiotico antibioticos aspirina ibuprofeno anticoagulante anticoagulantes medicamento medicamentos medicina
        medicinas pastillas esteroides quimioterapia quimio
    """,
    "illness": """
        cancer lupus diabetes diabetic epilepsy epileptic pacemaker eczema psoriasis rosacea herpes cold_sore cold_sores
        hiv hepatitis autoimmune asthma keloid keloids shingles covid melanoma
        diabetes diabetico diabetica epilepsia marcapasos rosacea autoinmune asma queloides herpes
    """,
}

_LISTS |= {
    "of": "el la los las mi mis un una me se le",
    "treatment": """
        filler fillers botox injection injections laser peel microneedling facial hydrafacial waxing treatment surgery
        tratamiento relleno rellenos inyeccion inyecciones
    """,
}

_CRISIS = phrases(
    """
    kill|hurt|harm|cut|cutting|killing|hurting|harming|off|unalive myself
    suicide|suicidal|kms|overdose|overdosed|overdosing
    end my life|it_all
    ending my life|it_all
    take my own? life
    want|wanna|wish|ready|going|gonna to? die
    wish i was|were dead
    better off dead|without_me
    do|does not want to live|be_alive|be_here_anymore|wake_up
    don't|dont want to|wanna live|be_alive|be_here_anymore|wake_up
    can't|cant|can_not go_on|take_it|live|do_this anymore|any_longer|like_this|no_more $
    no reason|point to|in live|living|life
    nothing to live for
    call|need 911|ambulance
    tired of living|life|being_alive
    can't|cant|cannot|can_not|trouble|hard|difficulty|difficult|short|struggling of|to|with? breathe|breathing|
        breath|swallow
    <part> closing|closed|closes up?
    <part> is|are closing|closed up?
    chest pain|pains|tightness
    heart attack
    anaphylactic|anaphylaxis|unconscious|stroke
    lost|losing|loss|blurry|blurred|double of|my? vision|sight|eyesight
    can't|cant|cannot|can_not see|move_my|feel_my
    self_harm|self_harming|ending_it_all|end_it_all|not_worth_living
    matarme|suicidarme|suicidio|suicida|quitarme_la_vida|lastimarme|hacerme_dano|cortarme_las_venas|sobredosis
    quiero|quisiera morir|morirme|desaparecer
    no quiero vivir|seguir_viviendo|estar_viva|estar_vivo|seguir_con_mi_vida
    ya no quiero vivir|estar_aqui $
    ya no quiero seguir $
    no puedo respirar|tragar|ver|mover|mas_con_la_vida
    me? cuesta|dificil|dificultad|falta respirar|aire|el_aire|para_respirar|al_respirar|tragar
    dolor de|en el? pecho
    se me cierra la garganta
    llamen|necesito una? ambulancia
    perdi|perdiendo la? vision|vista|conocimiento
    """,
    _LISTS,
)
_NOT_CRISIS = phrases(
    """
    die|dying|dead of|to for|laughing|try|see|get
    hurt|kill|killing my? wallet|budget|bank
    room to breathe
    suicide prevention|awareness
    can't|cant|cannot|can_not wait|see_my|see_the|see_a|see_any|see_where|see_it|see_what|see_how|see_which|
        see_that|see_when
    no puedo ver mi|el|la|mis|las|los|cuando|donde|que
    can't|cant|cannot|can_not move_my appointment|visit|booking|facial|payment|date
    """,
    _LISTS,
)
_ALWAYS = phrases(
    """
    i|i'm|im|am|may|might|could|just|be|being|getting|got|trying|if|while pregnant
    pregnancy|breastfeeding|breast_feeding|nursing_my|pregnant|miscarriage|embarazada|embarazo|amamantando|
        lactando|dando_pecho
    allergic|allergy|alergica|alergico|alergia|reaccion_alergica to|reaction|reactions|al|a|a_la|a_los|con|de|
        from|after
    hospital|er|emergency_room|urgent_care|hospitalized|urgencias
    """,
    _LISTS,
)
_CARE = phrases(
    """
    <sign>
    my|the|mi|mis|el|la|her|his <part> .? .? .? <hurting>
    me duele|duelen|arde|arden|pica|pican|dolio|duelo
    <part> .? .? .? <hurting>
    <hurting> .? .? .? <part>
    it|this|that|they|everything still|really|so|is|kinda|kind_of|was|does|also* hurts|hurt|hurting|burns|
        burning|stings|itches|sore|painful|throbbing
    i am|was|feel|feeling|still|so|really|very|in* sick|dizzy|sore|pain|lightheaded|unwell|faint|weak
    i'm|im|i still|so|really|very|feeling|in* sick|dizzy|sore|pain|lightheaded|unwell|faint
    in|have|having|feel|feeling|the|some|severe|bad|lots|lot|more|extreme|so_much of|a* pain|pains|soreness|
        headache|headaches
    pain|pains|painful|dolor|dolores|molestia|ardor|quemazon
    reaction|reactions|reacted|side_effect|side_effects|reaccion|reacciones|efectos_secundarios|efecto_secundario
    is|are|it|this|that .? .? .? normal
    is|this|that it|this|that|supposed supposed|meant|to? to|look|hurt|feel|bleed|peel|swell|burn
    es|sera|esto|eso .? .? normal
    can|should|could|may|is|do|ok|safe|okay|before|stop|while|if|on|take|taking|took|using|use .? .? .? .? .? <drug>
    i'm|im|am|on|taking|take|takes|prescribed|tomo|tomando|tomar|puedo|toma .? .? <drug>
    <drug>
    have|has|i'm|im|am|got|with|had|diagnosed|tengo|tiene|padezco|history|if .? .? <illness>
    burned|burnt|burn my|me|on|mark|marks|from
    contraindication|contraindications|contraindicaciones|aftercare_question|contraindicated
    my doctor|dermatologist|obgyn|surgeon|doctora|medico said|says|told|wants|thinks|prescribed|put|gave|dijo|
        dice|me_dijo|receto
    mi doctor|doctora|medico|dermatologo dijo|dice|me_dijo|me_receto|receto
    is it safe
    es seguro si|hacerme|para
    migraine|headache|dolor_de_cabeza
    <part> .? .? killing me
    expecting a|our|baby|can|and|in|is|so|should|still|now $
    i'm|im|am|i_am|found_out expecting
    just found_out .? .? expecting
    my? vision|eyesight|vista is|looks|seems|got|went|esta|a? blurry|blurred|weird|off|double|borrosa|foggy
    <part> .? .? .? turning|turned|going|went .? grey|gray|white|blue|black|purple|cold|dark|red|numb
    breaking|broke|broken out after|since|from|all|bad|really|in|on|like
    can|should|could|may|is|ok|safe|okay|when .? .? .? .? drink|alcohol|wine|beer|exercise|work_out|workout|gym|
        run|swim|sauna|tan|sunbathe|fly|shower|makeup|wear_makeup|lie_down|sleep .? .? .? after|before|post|
        with|following|since
    after|post|before <of>* <treatment> .? .? can|should|when
    <treatment>|treatment after|before|ago .? .? drink|alcohol|exercise|work_out|gym
    puedo|debo tomar|beber|hacer_ejercicio|maquillarme|banarme|dormir|volar .? .? despues|antes
    eyebrow|eye|brow|lid|lip|side|cheek|ceja|ojo|labio|lado is|looks|esta|seems .? .? higher|lower|bigger|
        uneven|smaller|crooked|mas_alta|mas_alto|mas_grande|chueca|caida
    should|do|can i stop|keep|avoid|use|using .? .? <drug>
    threw|throwing|throw up
    <part> .? .? .? on_fire|en_fuego|heavy|stiff|tender|bleeding|swelling|pesada|rara|different
    feels|feel|felt like|as_if .? .? on_fire|needles|burning|a_lump
    i'm|im|am|i_am nursing|lactating|postpartum|on_my_period|anemic|sick|diabetic|epileptic|immunocompromised
    trying|try to conceive|get_pregnant
    don't|dont|do_not|doesn't|doesnt|not feel|feeling well|good|right|myself|ok|okay
    wrong|off|strange|weird with|about my <part>
    <part> .? .? looks|look|feels|feel|is|se_ve .? weird|wrong|strange|off|funny|rara|raro|mal|horrible
    have|is|this_is|es|tengo an|una? emergency|emergencia
    me salio|salieron|sale|salen .? .? .? .? <part>|bolita|bolitas|granos|liquido|pus|sangre|manchas
    me esta|estoy .? .? cayendo|pelando|inflamando|hinchando|quemando|sangrando
    no siento|puedo_mover|puedo_abrir|puedo_cerrar .? .? <part>|nada
    wound|wounds|herida|heridas|stitches|puntos|scabs
    white|dark|red|brown|purple spots|patches|bumps|marks|streaks
    manchas|granitos|bolitas .? .? <part>
    dolor|ardor|molestias de|en|desde|muy|mucho
    pms|cramps|colicos|menstruation
    infected|infectada|infectado
    nauseas|queasy|shaking|shivering|sweating|palpitations|heart_racing|taquicardia|temblores|escalofrios
    bled|bleed|bleeding|vomited|fever
    is it normal|okay|ok|bad to|that|if|for|when .? .? .? <part>|skin|swell|bruise|peel|bleed|hurt|itch|feel
    worried|concerned|preocupada|preocupado about|por|with .? .? <part>|swelling|redness|bruising|reaction|
        how_it_looks|como_se_ve
    cayo|caido|cae <of>* parpado|ceja|ojo|labio|cara|cabello
    infecto|infectando|hincho|inflamo|quemo|quemaron|quemaste|lastimo|lastimaron|abrio .? .? .? .?
    no veo|siento bien|borroso|nada .? .? .? ojo|ojos|cara|labio|labios
    veo borroso
    burned|burnt|scarred|injured|bruised|hurt me|my
    got|getting|have|having an? infection|burn|burns|scar|blisters|sunburn
    after|since|from <treatment> .? .? my <part>
    me siento|siento muy|bastante? mal|mareada|mareado|enferma|enfermo|debil
    surgery|operation|cirugia|operacion next|tomorrow|last|scheduled|before|ayer|manana
    nervous|spasm|twitch|twitching|paralyzed|paralysis|paralizada
    wont|won't|can't|cant|will_not open|close|move .? .? eye|eyes|mouth|smile
    my smile|eye|eyes|eyelid|brow is|looks|are? crooked|uneven|droopy|drooping|dropped|closed
    """,
    _LISTS,
)
_NOT_CARE = phrases(
    """
    emergency|emergencia lol|haha|jaja|wedding|boda
    painless|pain_free|no_pain|without_pain|sin_dolor|pain_in_the|pain_point|pain_to_deal
    price|prices|fee|fees|cost|costs|wallet|budget|feelings|bill|charge|charges .? .? hurts|hurt|hurting|sting|
        stings|painful|pain
    hurts|hurt|hurting|burning my|a_hole_in|the? wallet|budget|bank|feelings|pocket|bank_account
    sick|tired of|and
    sick deal|price|glow
    is|are .? .? .? .? included|free|part_of_the|covered|in_my_plan|cost|sale|discounted
    how much|cuanto .? .? .? .?
    sell|price|discount|discounts|buy|carry|sale|precio|venden
    money|life|this|price|work|service|customer_service is|was|has_been a? painful|pain|headache
    a|such|real pain|headache $
    pain|headache to|just|let|in_the_butt|in_the_ass|trying|having
    itching|dying|burning to|through|a_hole
    from smiling|laughing|happiness
    so good|pretty|cute|beautiful it hurts
    reaction|reaccion when|cuando|was|to_the|to_my
    no .? .? dolio|dolor|molestia|duele nada|gracias|para_nada|en_absoluto
    totally|completely|so|very|pretty painless
    painful to read|watch|see|deal
    nunca|no me dolio
    no|not|never|nothing|zero|without swelling|bruising|redness|reaction|pain|side_effects|bleeding
    scar|acne|rosacea|swelling|bruise|bruising treatment|treatments|facial|package|peel|laser|credit|credits
    it|this|that won't|wont|doesn't|doesnt|does_not|will_not|wouldn't|can't|not hurt to ask|try
    normal hours|price|rate|business|dues|amount|charge|charged
    normal price|is_it_normal_to_be_charged
    normal|es_normal|is_it_normal that? .? .? .? charged|charge|charges|cobraron|cobren|cobro
    reaction to|was|of your|the|my? email|text|message|new|news|price
    meds med_spa
    spa medicine
    wont|will_not hurt to
    quiero una cita .? .? botox
    """,
    _LISTS,
)
