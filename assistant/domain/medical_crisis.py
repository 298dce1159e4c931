"""A life in danger, in what people write: by their own hand, or that of their body."""

from assistant.domain.phrases import phrases

_LISTS = {
    "throat": "throat throats tongue airway airways windpipe garganta lengua",
    "cant": """
        cant cannot can_not couldnt unable_to barely hardly trouble hard difficulty difficult struggling
        struggle
    """,
    "here": """
        be_here be_around be_alive live exist wake_up keep_living keep_going go_on live_like_this do_life
        be_on_this_earth
    """,
}

CRISIS = phrases(
    """
    kill|hurt|harm|cut|cutting|killing|hurting|harming|off|offing|unalive|hang|hanging|shoot|end|ending myself
    kill|hurt|harm|cut|cutting|killing|hurting|harming|unalive my self
    suicide|suicidal|kms|overdose|overdosed|overdosing|kys
    end|ending|ended my life|it_all|own_life
    end it all|tonight
    take|taking my own? life
    want|wanna|wish|ready|going|gonna|rather|hope|hoping to|i|id|just|would|could? die|died
    want|wanna|wish|ready|going|gonna|rather|prefer to|just|be* dead
    wish|wished|wishing i was|were|am dead|never_born|gone
    wish i was|were never|not born|here|alive
    wish i could|would|will disappear|just_disappear|not_wake_up|never_wake_up
    better off dead|without_me|if_i_was_gone|if_i_were_gone|if_i_wasnt_here
    do|does|did|dont|doesnt|not not? want|wanna|care|deserve to|if_i|be|even* <here> anymore|any_longer|any_more|
        like_this|no_more
    dont|not|no want|wanna|deserve to? live|be_alive|be_here|wake_up|exist|go_on_living $
    dont|not|no want|wanna|deserve to|even|really* live|be_alive|wake_up|exist|keep_living|go_on_living
    <cant> go_on|take_it|live|do_this|cope|keep_going|keep_doing_this like_this? anymore|any_longer|like_this|
        no_more|with_life|living $
    dont|not|cant|cannot see|have|find the|a|any|much? reason|point to|in go_on|live|living|keep_going|going_on|wake_up
    si|cuando me muero|muriera|mato|muera nadie|ya|les|mejor|a_nadie
    nadie me? extranaria|echaria_de_menos|notaria
    no reason|point to|in|for|being|me* live|living|life|alive|go_on|here
    nothing|nobody|no_one to|left* live for
    call|need|needs|calling|called|send|get|dial 911|ambulance|an_ambulance|the_ambulance|paramedics
    tired|sick of living|life|being_alive|everything_and_want_out
    life|living is|isnt not|isnt? worth it|living|anything
    isnt|not|aint worth living|being_alive
    whats|what_is|no|the|see_the|any point of|in|to living|life|being_alive|being_here|my_life
    want|wish|need it all to end
    no|nobody|noone|one would? miss|notice|care if_i_was_gone|if_i_died|if_i_die|if_i_were_gone|when_im_gone
    no|nobody|noone|no_one would|will miss|care_about me
    saying goodbye forever|to_everyone
    took|taken|swallowed|taking a|bunch|whole|bottle|of|all|my|too|many|lot|handful|the* pills
    no point anymore|any_more|to_any_of_it|to_anything|in_going_on|in_living|in_trying
    need|want|wish it all|everything to? stop|end|over $
    end|ending|finish things|it|everything tonight|soon|now|for_good|today
    thinking|thought|think of|about ending|end things|it|everything
    going|gonna|about|want|ready to? jump $
    jump|jumping off|from the|a? bridge|roof|building|balcony
    wrote|writing|left a? note|suicide_note im|i|sorry|goodbye
    point|use of|in being|living|trying|staying here|alive|around|anymore
    if|when|once i|im was|were|am|is|are* dead|gone
    they|everyone|everybody|family|kids|world id|would|d|be|much|all* happier|better without|if|off
    not|dont|never want|wanting|wanna to? live|be_alive no_more|anymore|any_longer
    took|swallowed|drank|finished the|a whole|entire bottle
    my? life is over|finished|pointless|meaningless
    dont|cant|not trust myself
    not|dont|isnt feel? safe right_now|tonight|with_myself|by_myself|alone
    driving|drive|crash|crashing|veering my? car? off|into the|a? road|bridge|cliff|tree|traffic
    never|not wake|waking up
    cant|cannot stop crying
    been|started|im cutting|cut again $
    been cutting $
    cant|cannot|hate|done take|do|with? living|being_alive|my_life|this_life
    cant|cannot do this anymore i|and|its
    nobody|noone|no_one|who would|will|d? care|notice|miss if i|im
    plan to end it|things|everything
    feel|feeling like ending|dying|disappearing|giving_up_on_life
    done with life|living
    mejor me muero|mato
    want|wanna to? just? disappear|vanish|not_exist $
    want|wanna to? just? disappear|vanish forever|for_good|tonight
    if i live|live_or_die|die|died
    live or die
    me corto $
    i have|took|taken|swallowed the|a|whole|all|my? pills|whole_bottle|bottle_of_pills|all_my_pills
    hopeless and|dont|i_want|i_cant|everything
    feel|feeling|so|completely|im hopeless|worthless
    <cant> of|to|with|catching|catch|get|getting|my|a|any|enough|really|even|barely|hardly* breathe|breathing|
        breath|air|swallow|swallowing
    breathe|breathing|breaths|breath is|has|gotten|getting|feels|become|been|so|really|very* hard|difficult|heavy|
        labored|short|shallow|funny|tight|weird
    hard time|to breathing|breathe|swallowing|swallow
    short|shortness|out of breath
    gasping|suffocating|choking
    <throat> is|are|feels|feeling|like|its|was|keeps|kinda|kind_of|getting|really|starting|to|s|so* closing|closed|
        closes|tight|tightening|swelling|swollen|constricted|shut|thick|huge|big|swell|close|scratchy_and_tight
    chest is|feels|feeling|so|really|has|got* pain|pains|tightness|tight|heavy|pressure|hurts|hurting|pounding
    pain|pains|pressure|tightness in|on my? chest
    heart attack
    having|had|have|think|thought|like|mini? a? stroke
    anaphylactic|anaphylaxis|anaphylactic|unconscious|unresponsive
    passed|passing out
    used|using|use my|an|the|her|his? epipen|epi_pen|epi
    lost|losing|loss|lose|sudden of|my|some|part|in|the|all* vision|sight|eyesight
    went|going|gone|go|im blind
    blurry|blurred|double|spotty|tunnel|foggy|hazy|blury vision|eyesight|sight
    vision|eyesight|sight is|looks|seems|got|went|a_bit|gets|has_gone|getting|been|all|so|kinda|really|still|keeps|
        a|little|bit* blurry|blurred|weird|off|double|foggy|spotty|hazy|dark|black|blury|fuzzy|worse|bad|going
    see|seeing|saw double|spots|stars|floaters|flashes|flashes_of_light
    <cant> see out|from|well|clearly|straight|right|good|properly|of|anything_out|through_my|with_my|far|at_all
    cant|cannot|can_not see anything? $
    <cant> feel|move my|half|one|either|the|any|part|of|left|right|side|entire|whole|top|bottom|upper|lower|
        this* face|arm|leg|lip|lips|eye|tongue|hand|jaw|mouth|fingers|cheek|chin|side|eyebrow|eyebrows|forehead|
        toes|feet|hands|legs
    self_harm|self_harming|selfharm|ending_it_all|not_worth_living|end_myself|harming_myself
    matarme|suicidarme|suicidio|suicida|quitarme_la_vida|lastimarme|hacerme_dano|cortarme_las_venas|sobredosis|
        acabar_con_mi_vida|acabar_con_todo|terminar_con_mi_vida|terminar_con_todo|hacerme_algo
    quiero|quisiera|ojala|prefiero|preferiria|ganas|deseo|mejor de|me? morir|morirme|desaparecer|muriera|
        estar_muerta|estar_muerto|muerta|muerto
    ganas de vivir|seguir
    me quiero|quisiera|voy_a|quise|vengo_a hacer_dano|lastimar|morir|matar|desaparecer|quitar_la_vida|ir_de_este_mundo
    quitar|quitarse|quitarte|quitarme la vida
    dormirme|dormir|acostarme y|para no|nunca|ya_no despertar|despertarme
    no|ni|ya_no le? encuentro|veo|hallo|tiene caso|sentido|chiste a? vivir|la_vida|mi_vida|seguir
    no|ya_no|ni quiero|quisiera|deseo|tengo_ganas_de|puedo|aguanto vivir|seguir_viviendo|estar_viva|estar_vivo|
        seguir_con_mi_vida|con_la_vida|existir|despertar|mas_con_mi_vida|mas_con_la_vida|mas_con_esta_vida
    ya_no quiero|puedo|aguanto vivir|estar_aqui|seguir|seguir_asi|mas|vivir_asi|esta_vida|estar_en_este_mundo $
    ya_no quiero estar_aqui_en|estar_en este mundo
    no le_veo|tiene|hay|encuentro sentido a? la|mi|vivir vida
    estarian|estaria|estarian_todos mejor sin|si_no|si_yo mi|no_estuviera|ya_no_estuviera|me_muero|existiera
    no|deje veo|de|puedo bien|nada|claro|ver
    no puedo|podia|logro|alcanzo respirar|tragar|ver|mover|pasar_saliva|mas_con_la_vida|abrir_el_ojo
    me|le cuesta|costando trabajo? respirar|tragar
    dificultad|dificil|problema|problemas|trabajo para|al? respirar|tragar
    falta|faltando el|la|me|de* aire|respiracion
    me|se falta|va el|la? aire|respiracion
    dolor|dolores|opresion|presion|punzadas de|en|fuerte el? pecho
    me|duele duele|mucho el pecho
    se|me me|esta|siento* cierra|cierro|cerrando|cerro|cerrada la? garganta
    garganta cerrada|cerrandose|se_me_cierra|apretada
    llamen|llama|llamar|llame|necesito|manden a|al|una|un|la* ambulancia|911
    perdi|perdiendo|perdio la|el|mi? vision|vista|conocimiento
    infarto|derrame
    """,
    _LISTS,
)
NOT_CRISIS = phrases(
    """
    see|saw|seeing spots available|open|for|on
    room|space|chance to breathe
    end it tonight|now|all? my|the|this plan|membership|account|subscription|contract
    breather
    end it|it_all|my all? membership|plan|contract|subscription|account
    want|wanna|wish|ready|going|gonna to? die laughing|of|from_laughing|over|lol
    die laughing|of_laughter|lol
    cant|cannot|can_not wait|see_my|see_the|see_a|see_any|see_where|see_it|see_what|see_how|see_which|see_that|
        see_when
    no puedo ver mi|el|la|mis|las|los|cuando|donde|que|si|nada_en
    no puedo mover mi|la|el cita|fecha|pago
    """,
    _LISTS,
)
NOT_OURS = phrases(
    """
    heart attack|attacks when|looking|seeing|after|over|about|from|at|opening|from_that
    gave|giving|almost|nearly|given|gives me|had|got|have|a|my|us* heart|mini|near attack|heart_attack
    heart attack .? .? .? bill|charge|price|total|statement|fee|fees|cost
    bank|app|system|website|phone|computer|boss|husband|wife|mom|mother|dad|father|brother|sister|grandma|grandpa|
        uncle|aunt|friend|coworker had|has|having a? stroke|seizure|heart_attack|mini_stroke
    swallow|stomach that|this|the|your price|prices|bill|cost|costs|fee|fees|increase
    im|i_am|going|went blind without|as_a_bat
    casi|por_poco me da|the un|el infarto
    die|died|dying without my|these|those|you|it|my_facials
    choking|choke|gasping|gasped at|on the|your|these|this price|prices|bill|fees
    casi me da un infarto
    dad|mom|father|mother|husband|wife|grandma|grandpa|papa|mama after|with|through|since his|her stroke|heart_attack
    <others> nearly|almost|about|practically|bout had|have a stroke|coronary|aneurysm|seizure when|at|over
    <others> is|are|s? just|all? going_to|gonna|will|would die|faint|flip|scream when|once|if
        he|she|they|everyone|people
        see|sees|hear|hears|notice|notices me|this|it|my|how|us|the
    bill|price|prices|fee|fees|total|shock|statement|policy|app|website|site|link|charge|charges .? .? gave|gives|
        giving|give me|us .? .? pain|pains|palpitations|attack|stroke|hives
    me dio|da|iba_a_dar un infarto con|al|cuando|por
    """,
    {
        "others": """
            ex exes he she they everyone everybody friends husband wife boss mom mother dad father sister sisters family
            coworkers girlfriend boyfriend people guys haters
        """,
    },
)
"""A heart attack at the sight of a bill, and somebody else's."""
POISONED = phrases(
    """
    <small> .? .? .? <ate> .? .? .? .? .? .? <ware>
    se|lo? trago|comio|tomo|chupo|bebio|lamio .? .? <ware> .? .? .? <small>
    <ware> .? .? .? .? <small> .? .? <ate>
    <small> .? .? .? .? .? took|used|taken|injected|tomo|inyecto|puso .? .? .? .? <dose>
    """,
    {
        "small": """
            son daughter kid kids child baby toddler dog cat puppy pup kitten kitty infant newborn niece nephew pet
            grandson granddaughter grandbaby grandkid hijo hija hijito hijita nino nina nene nena bebe perro perra
            perrito perrita gato gata gatito nieto nieta sobrino sobrina
        """,
        "ate": """
            ate eaten eating licked licking swallowed swallowing drank drinking chewed chewing ingested got_into got_in
            gotten_into got_ahold_of got_hold_of comio trago tomo lamio mastico chupo bebio
        """,
        "ware": """
            cream creme serum serums gummies gummy vitamin vitamins tube jar bottle pill pills gel lotion retinol oil
            toner cleanser drops vial ointment moisturizer sunscreen supplement supplements sample samples medicine
            crema gotas suero frasco tubo pomada jabon vitaminas pastilla pastillas gomitas aceite
        """,
        "dose": """
            shot shots pen pill pills medicine meds gummies vial injection injections dose inyeccion inyecciones
            pastilla pastillas medicina
        """,
    },
)
"""A small child or an animal that has had what was meant for the skin, or too much of what was not."""
