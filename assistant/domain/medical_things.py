"""Ills that only a thing has or gives: a rash of meetings, a card with a fever, a burn candle."""

from assistant.domain.phrases import phrases

_LISTS = {
    "ill": """
        headache headaches migraine migraines pain pains rash hives seizure stroke heart_attack coronary fever
        fevers
        allergic allergy allergies reaction sick ill nauseous nauseated nausea dizzy woozy numb faint fainted
        fainting
        pass_out passed_out passing_out black_out blacked_out burn burned burnt burning hurt hurts hurting
        painful
        sore ache aches aching itch itching itchy bleeding bleed swollen infected infection cancer cancerous
        tumor
        choke choked choking gag gagging anxiety ptsd trauma traumatized puke puking vomit throw_up threw_up
        throwing_up drowning
        flu concussion aneurysm falling_out whiplash vertigo twitch twitching spasm coma pounding splitting
        spinning contagious paralyzed cardiac_arrest
    """,
    "which": """
        my your the this that these those a an all another so_many too_many more big new other both phone bank
        credit
        cell monthly group last high hidden extra such yall's yalls our his her their constant endless late
        early
        automatic automated billing conference zoom work surprise random robo cold back_to_back double two three
        even any
    """,
    "thing": """
        automated_system phone_system phone_tree department billing_department customer_service bot robot robots
        phone phones app apps website card cards bank banks bill bills statement statements receipt receipts
        email emails mail text texts texting message messages voicemail voicemails call calls meeting meetings
        invoice invoices charge charges price prices pricing fee fees cost costs total inbox wallet calendar
        schedule account computer laptop portal link music playlist paperwork contract contracts subscription
        subscriptions policy policies hold_music commitment ad ads promo promos promotions spam newsletter
        newsletters mondays monday christmas taxes math password passwords login commute deadline deadlines
        politics news errors options choices reminders reminder notification notifications cancellations
        weddings visitors payment payments wifi printer keyboard plumbing fridge dishwasher savings increase
        decor wallpaper purse drama bs mess debacle situation fiasco nonsense small_talk budget checkbook
    """,
    "ours": """
        my_head my_heart my_ears my_eyes my_brain my_stomach my_hair my_neck my_soul the_head our_heads
        my_poor_head
        head brain
    """,
    "own": """
        i im ive my me we she he her his it still about says said asking re on with face lip lips skin eye eyes
        arm leg
        botox filler laser peel shot shots injection treatment facial doctor nurse
    """,
    "mal": """
        migrana nauseas mareo vertigo jaqueca taquicardia infarto urticaria ronchas alergia desmayo fiebre
        escalofrios
    """,
    "cosa": """
        cobro cobros cuenta precio precios factura recibo cargo cargos total mensualidad cuota tarifa correo
        correos app
        mensaje mensajes aplicacion pagina llamadas publicidad anuncios saldo
    """,
    "mood": """
        pride joy envy love excitement laughter happiness curiosity jealousy gratitude boredom anticipation
        nostalgia
        fomo guilt regret compliments questions ideas
    """,
    "saw": """
        saw see sees seeing seen opened opening read reading heard hearing got looked looking found checked
        checking
        trying dealing figuring logging scrolling thinking paying
    """,
    "people": """
        coworkers coworker friends friend family husband wife mom sister sisters kids boyfriend girlfriend boss
        everyone
        everybody people guys ladies crowd date fiance colleagues neighbors team office bridesmaids daughter son
    """,
}

THINGS = phrases(
    """
    <ours>? is|are|was|were|still|now|literally? <ill>
        every_month|every_time|every_week|every_year|every_day|each_month|again|lately?
        of|to|from|over|with|w|at|about|by|for <which>? <which>? <thing>
    infected|dying|dead|fried|sick <thing>
    <thing> !<own>* and|that|it|which|really|just stung|hurt|hurts|burned|burns|killed|kills
    <thing> !<own>* hurts|hurting|kills my eyes|ears|brain|head|soul
    <thing> is|was|are|has_been|have_been|keeps?
        has|had|have|having|got|is|are|was|were|be|gives|gave|give|giving|makes|made|make|making|feels_like|
        feel_like|seems_like|
        looks|caught
        me|us|everyone|everybody? at|in|on? my|the|our? office|house|work|team?
        so|really|too|very|literally|just|also|all? a|an|some|such_a|its_own? allergic|mini|bad? <ill>
    give|gave|giving|gives my|the|our|her|his|your <which>? <thing> a|an|the <ill>
    <ill> when|as|at|once|upon|just|from|even i|he|she|we|they|you? <saw> at|up|to|with|out|about|for?
        read|get|log|pay|
        find|figure|open|use|make|understand? in|into|out|through|on|at? <which>? <which>? <thing>
    <ill>|swelled|swell|swells|swelling|bursting|beaming up? at|over|with|from|of|in <which>? <mood>
    rash|outbreak|epidemic of
        !bumps|blisters|hives|pimples|spots|red|dots|little|tiny|welts|small|acne|some|my|itchy|whiteheads
    swelling|burn|bruise|bruising|itch|ache|fever|rash relief|down|reducing|control|free? eye|face|under_eye?
        mask|
        masks|candle|candles|roller|rollers|kit|kits|guard|guards|patch|patches|playlist
    blood .? boil|boils|boiling|boil_over
    reaction|reactions from|of|out_of my|the|all|all_my? <people>
    best|funniest|great|greatest|priceless|good|sweetest|nicest|hilarious|amazing|cutest reaction|reactions
        from|when|of|to|lol|haha|
        ever|$
    on_fire|sick|killing|insane|killer|hurts|dying in a good way
    on_fire with compliments|sales|ideas|deals
    sight for sore eyes
    real|such_a|big|much_needed|needed|total|huge|like_a shot in the arm
    head over heels
    is|are|was|so|absolutely|just nauseating|sickening
    killed|slayed|nailed it? on|with? my brows|lips|face|lashes|skin
    eyeball what|it|how|the|this|roughly
    <thing>|price|bill !<own>* my blood_pressure
    allergy|allergist appointment|appt|visit|friendly|season
    hand|body|foot cream|creams|lotion|soap|wash smell|smells|you|from|set|gift|free
    alergia|alergica|alergico a los|las|la|el|tus|sus
        lunes|martes|precios|mensajes|llamadas|cobros|gimnasio|trabajo
    va|fue|suelta|solto la lengua
    sick joke|jokes|prank|humor|puppy
    drop dead gorgeous|funny|beautiful|handsome|sexy|hot?
    contagious now my|everyone|she|he|they|all
    blind sided|side|item
    emergency brow|brows|lash|wax|facial|hair|spa|blowout|glow|haircut
    casi|por_poco me desmayo|muero|ahogo|vomito|caigo cuando|al|con|por .? .? <cosa>
    <mal> de|con|por|al|cuando .? .? <cosa>
    arm and a? leg
    burned|burnt|burn by|before_by|before_with|with my|the|a|another|your|this?
        last|other|previous|old|auto|gym? spa|gym|
        company|place|salon|membership|memberships|renewal|renew|contract|contracts|scams|subscriptions
    eyes are|is|were? bigger than
    hurt|hurts|hurting|melts|fried|breaks my brain
    itchy|twitchy fingers|finger and|so|lol i? hit|pressed|clicked|sent|texted|typed
    con la boca|quijada abierta
    me? quede|quedo|quedaron|dejo fria|frio|helada|helado|muda con|por|cuando|del|de
    lash|brow|nail|face|skin|body|hair girl|lady|ladies|tech|artist|gal|person|pro|guru|appointment|appt
    elbow room|grease|room_in
    favorite|favourite pain|headache|sickness
    bloody !nose|noses|discharge|pus|stool|stools|fluid|scab|scabs|spot|spots|scalp|lip|lips|skin|face|and|
        bandage|gauze|
        eye|eyes|urine|vomit|diarrhea|drainage|mess|bump|bumps|mouth|gums|blister|blisters|at|on|after|where|
        from|when
    for|in|get a|another quick|fast .? wax|tint|perm|facial|peel
    hard|tough|difficult|easy to stomach the|this|that|another|these|$
    hurts|kills|pains|hurt me|my_heart|my_soul to cancel|leave|say|ask|let|part|stop|pay|admit|lose|miss|tell|
        quit|end|write
    keep|keeping|take|taking his|her|my|their|your eyes|hands off
    <people> nearly|almost|about|practically|bout|damn_near had a heart_attack|stroke|seizure|coronary|aneurysm
        when|at|over
    im|am|as|being a|an .? nurse|doctor|tech|np|rn|pa at|in|for|with the|a|our? local|county|childrens|city?
        hospital|er|
        icu|clinic
    sensitive|dry|oily|mature|combination skin what|which|any
        facial|facials|product|products|peel|treatment|service
    loud|noisy|blasting .? .? .? ears hurt|hurts|bleed|bleeding|rang|ring|ringing|ache
    ears|eyes hurt|bleed|burn|ringing from|listening|with|at|watching|when <which>? <which>?
        <thing>|lobby|noise|hearing
    after|before|between
        work|lunch|school|class|church|noon|dinner|breakfast|payday|my_shift|my_meeting|hours|i_get_off|
        my_meetings|my_last_meeting|i_get_paid|my_class|the_meeting|business_hours
    """,
    _LISTS,
)
