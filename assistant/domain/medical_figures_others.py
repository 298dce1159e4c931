"""Words of the body that are not about the writer's: other people's bodies, places of work, wares, appointments."""

from assistant.domain.phrases import phrases

_LISTS = {
    "come": """
        come in by there arrive swing stop appointment slot opening anything book schedule straight right
        open time free
    """,
    "kin": """
        mom mother dad father son daughter kid kids child baby husband wife sister brother boss coworker
        friend grandma grandmother dog cat babysitter nanny boyfriend partner toddler mama papa hijo hija
        esposo marido jefe jefa abuela perro hermana hermano nino nina nene amiga suegra suegro tia tio
        abuelo primo prima aunt uncle grandpa cousin nephew niece inlaw roommate fiance girlfriend bestie
        neighbor teacher
    """,
}

OTHERS = phrases(
    """
    emergency|emergencia lol|haha|jaja|wedding|boda|fund|contact|contacts
    sick new|ass|as|little|big|deal|price|glow|facial|setup|place|vibe|brows|bro|offer|perks
    surgery|medical|hospital|doctor|doctors|dental|er|vet|dentist bills|bill|debt|expenses|costs
    hospital|er .? .? .? <kin>
    <kin> is|was|got|are|been|has|just|super|really|home|so|very|having|had|needs|getting|esta|tiene|se|en|
        scheduled|for|in|the|a|el|muy|come|down|with|got|s|have|are|down_with* sick|strep|stomach_bug|sick_again|
        rsv|pink_eye|throwing_up|ear_infection|fever|hospital|surgery|er|enferma|enfermo|hospitalizada|
        hospitalizado|operaron|ill|operar|hospitalized|flu|covid|cancer|cirugia|operacion|stomach_bug|
        emergency_room|pain|mal|calentura|fiebre
    <kin> .? .? in the? hospital|er|icu|hospice
    <kin> after|with|through|since his|her|their stroke|heart_attack|surgery|operation|chemo|cancer|accident|fall
    work|working|works|worked|job|shift|shifts|employed|volunteer|rounds at|in|for|is|as|an?|nights|days|the|a|
        local|same|my|late* hospital|er|emergency_room|urgent_care|clinic|icu|hospitals|nurse|doctor|dentist|
        surgery_center
    trabajo|trabajando|turno|chamba|trabaja en|de|el|la|un|una* hospital|urgencias|emergencias|clinica
    er|hospital|icu shift|job|staff|badge|parking|worker|employee|bill|discount|tech|schedule
    nurse|nurses|doctor|doctors|medical|dr discount|discounts|appreciation|week|here|myself|office_manager
    im|am|as|being|my_sister_is an|a er|icu|registered|travel|labor|school? nurse|doctor|np|rn|surgeon
    next to|door|by|from|across* the? hospital|dentist|doctors_office|gym
    near|nearby|beside|behind|opposite|past|across_from the|that|a? hospital|dentist|gym|pool|beach
    insurance|health medical|my? plan|card|insurance
    med|meds spa|spas
    surgery|surgical center|building|office
    drink|drinks|coffee|water|shower|smoke|vape|wine|champagne|mimosa|makeup|alcohol while|there|in_the_lobby|
        served|at_the_spa|bar|offered|included|for_members
    serve|offer|have|sell|free|do_you_guys_have|complimentary wine|champagne|drinks|mimosas|coffee|alcohol
    bring|bringing a|my|some* bottle|wine|drink|drinks|coffee|champagne|beer
    shower there|in_the_spa|onsite
    <come> after|from|before|between the|my|hot|a|i|ive* gym|yoga|pilates|workout|work_out|workouts|run|swim|flight|
        beach|pool
    flight is|was|got|lands|leaves|delayed|at|gets|cancelled|attendant
    scar|acne|rosacea|melasma|redness|pigmentation|vein|wrinkle|tattoo|hair|spot|cellulite|fat|lip|pain|migraine|
        scars|stretch_mark treatment|treatments|facial|facials|package|peel|peels|laser|removal|reduction|program|
        series|management|correction|relief_patch|revision|therapy|special
    treat|treats|treating|treatment_for|something_for|treatments_for|help_with|anything_for|good_for|
        offer_anything_for|get_rid_of|price_for|cost_for .? .? acne|rosacea|melasma|scars|scarring|redness|
        pigmentation|dark_spots|hyperpigmentation|puffiness|uneven_skin|uneven_tone|wrinkles|dark_circles|bags|
        hyperhidrosis|sweating|migraines|tmj|sunspots|eczema|discoloration|breakouts|dry_skin
    acne|rosacea|melasma|dark_spots|wrinkles|scars facial|covered|included|peel|credit
    expecting a|an|to|the|it|that|this|better|more|you|your|someone|some|much|my package|call|refund|charge|email|
        reply|answer|letter|response|be|get|see|hear|for|text
    wasnt|not|isnt|never expecting
    .? .? hurt|hurts|hurting|sore|ache|aches|aching so? from smiling|laughing|grinning|happiness|standing|walking|
        dancing|heels|shopping|the_gym|leg_day
    doctor|nurse|dr friend|friends|buddy
    dentist|doctor|doctors|gyno|dermatologist|ortho appointment|appt|visit .? .?
    til|until|after|before my knee|hip|back|foot|shoulder|eye|lasik|cataract surgery
    sensitive skin facial|facials|line|products
    facial|facials|products|peel|something for sensitive|dry|oily|combination|acne|mature skin
    red|spider|leg|facial veins treatment|laser|covered|included
    migraine|tmj|sweating|masseter botox|tox
    botox|tox for tmj|migraines|sweating|migraine|headaches
    hospital gift
    for my? dry|oily|sensitive|acne|mature|aging|combination|normal|textured|acne_prone skin
    expecting .? company|guests|people|visitors|family|friends|delivery
    family|work|school|financial|money|car|pet|vet|home|plumbing|house|childcare|no emergency
    not|no|isnt an? emergency
    in case of emergency
    <kin> had|has a heart_attack|stroke|fall|accident|miscarriage|seizure|baby|tumor
    <kin> .? .? broke .? hip|leg|arm|ankle|wrist|foot
    <kin> .? .? puked|puke|vomiting|in_labor|labor|threw_up|vomited|bleeding|hurt|dying|fell
    hours|shift|job at|in the hospital|er
    doctors|doctor|dentist|vet appointment|appt|visit
    <kin> .? .? .? .? fever|strep|flu|calentura|gripa|gripe|fiebre|internado|internada|malito|malita|enferma|
        enfermo|vomitando
    in my gym
    medical grade|spa|records|leave|office|building|director|team|staff
    at? the hospital gift|cafeteria
    medical board|license|malpractice|negligence|lawyer
    hospital gift|cafeteria
    dentist|gyno|ortho at
    """,
    _LISTS,
)
