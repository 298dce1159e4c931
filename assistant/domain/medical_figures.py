"""Words of the body that are not about one: figures of speech."""

from assistant.domain.phrases import phrases

FIGURES = phrases(
    """
    painless|pain_free
    pain in the|my neck|butt|ass|rear|a
    pain in the|my back? side
    a|such|real|royal|total|huge|big|bit_of_a pain|headache $
    a|such|real|royal|total|huge|big|is|was|are|be|as pain|headache|nightmare to|getting|trying
    pain point|points
    pain headache to|trying
    paid|payment|paying|pays|pain pains
    such|what_a|real|total|its|thats|is a? pain|headache $
    no pain no gain
    sick and tired|done of|with|and
    sick|tired|dead|over of|with|from_all
    makes|make|making|made me|us|my_stomach? sick
    thats|its|that_is|it_was|that_was|looks_so|how sick $
    out sick
    call|called|calling in? sick
    sick day|days|leave|time|pay
    dying|die|died|dead to|for|laughing|over|try|see|at|of|lol|rn|here|waiting
    im|am|i_was dead|dying $
    to_die_for
    killing it|this|that|em|them|the_game
    kill|killed|killing for|it
    burning question|questions|desire|through|a_hole|bridge|bridges|to|man
    burning my|a|the money|hole|wallet|cash|pocket|paycheck
    burn|burns|burned|burnt|burning out|bridges|calories|through|fat|before_by|by_another|by_a_charge|rubber|a_hole
    itching to|for
    itchy feet
    bleeding money|edge|cash|me_dry|us_dry|heart
    bleed|bleeds|bleeding me|us dry
    numb to|from your|these|all
    sore subject|loser|spot_with|point|losers
    tender loving
    faint memory|idea|of_heart
    faintest
    sting|stings a_bit|like_hell? to|when pay|see
    dizzy with|from options|choices
    fever pitch|dream|for
    cancelling|canceling|leaving|quitting|goodbye|goodbyes|saying_no|letting_go .? hurts|hurt|painful|is_painful
    app|site|website|portal|link|bot|system|music|company|texts|billing|people|service|math .? .? giving|gives|gave|
        give|giving me|us a? migraine|headache|headaches|anxiety|hives|rash
    bleeding obvious
    hard|tough|bitter pill
    baby|gold|bieber|spring|cabin fever
    cold feet|shoulder
    heart|heartfelt attack when|looking|seeing|after|over|about|from|at .* bill|charge|price|total|statement|fee|
        fees|cost
    gave|giving|almost|nearly me|had|got|have a heart|mini|near attack|heart_attack
    heart|hearts goes|melts|belongs|full|emoji
    broke|breaks|broken|breaking|bless|love|whole|cross|eat my|your|his|her heart
    hurt|hurts my|your|her|his? feelings|trust|credit|score|credit_score|business|finances|soul|pride
    wont|doesnt|does_not|will_not|wouldnt|never|cant|not|couldnt hurt to|me_to|anyone|anybody|if
    doesnt|didnt|dont|wont|no|not|never|isnt|wasnt|nothing|barely|hardly even|really|at_all|feel|like|have|any|a|it|
        was|that* hurt|pain|painful|hurts $
    didnt|doesnt|dont|wasnt|never|not|barely|hardly even|really|at_all|that|it|too* hurt|painful|sore|hurts at_all|
        one_bit|anymore|much|this_time|thank|thanks|like
    hurting|hurts|hurt for|financially money|cash|funds
    hurting financially|moneywise|this_month|right_now $
    times|money|budget|wallet|things|finances|business|bank_account|account|cash|funds|schedule|schedules is|are|
        a_bit|really|so|too|super|kinda|little* tight|sick|hurting|bleeding|weak|stiff
    cold hard cash
    hard time|on|up
    hard to reach|get|find|believe|say|tell|understand|schedule|beat|pay|come|make
    costs|cost|costing|costed|worth an|a arm|leg|kidney and? an?|a? leg|arm?
    in your face
    over|off|through my|your|the|top_of_my head
    on the other? hand
    face to face
    face time|value|wash|mask|masks|cream|creams|scrub|it
    save face
    keep|keeping|kept|have|had|need|with|catch|caught|my|an? eye|eyes on|out|for|peeled
    see eye to eye
    eye|eyes candy|roll|rolling|opener|cream|appointment
    i|im am|getting|laser|do laser? eye exam
    word|by of mouth
    big mouth
    bad|left|sour|leaves|leaving taste|a_bad_taste
    pulling|pull|pulled my|your leg|legs|hair|teeth
    break a leg
    neck of the woods
    skin care|in_the_game|fade|routine|products|product|type|goals|tightening|so_good|thing
    lip|tongue service|in_cheek|gloss|balm|twister
    hands|thumbs|hand down|up|off|over|full
    cheek|tongue in|and cheek|by_jowl
    chin up
    give|gave|giving|gimme me|us|you|a|my heads|head|hand|leg up
    lend|need|give me? a hand
    so|too good|pretty|cute|beautiful|hot|fine|bad it hurts
    laughing|laughed|smiling|smiled|smile so|too|til|until|till|hard|much* .? it|cheeks|face|hurts|hurt
    allergic to|against your|these|those|this|spam|commitment|high|overpriced|drama|bs|paying|texts|contracts|
        spending|mondays|fees|bills|cardio|morning|mornings
    my reaction|reactions when|was|at
    reaction|reactions to|from|when .? .? bill|price|news|email|fee|fees|total|text|statement|prices|promo|offer
    friends|husbands|moms|priceless|everyones|best|my reaction|reactions when|was|priceless
    knee jerk reaction
    is|are|was it|this|that|the? normal|usual|typical price|rate|cost|hours|business|fee|turnaround|wait
    is|are|was|im|am|feel|feels|feeling|everything|everythings|all back_to normal
    back_to normal now|already|thanks|thank|yay
    normal hours|price|rate|business|dues|amount|charge|charged|person|people|day|schedule|time|bill
    sick kid|kids|child|dog|mom|baby|husband|day
    nursing school|home|student|degree|program|shift|job
    er wait|um|no|can|i|never|yes|so|ok|sorry|how|what
    um|uh|ok|yeah|so er
    drunk text|texted|texting
    work out a|the|something|payment|an|some|well|fine|great|for|with|to|it|that|this|between|ok|if|perfectly|okay
    it|that|this|things|schedule|time|which|also|works|day|dates|not|doesnt|didnt|everything|will|might|to work|
        worked|works|working out $
    that|this|it|will|might|time|day|hope|hoping|not|didnt|doesnt|if_that|should|everything|things|could_we|can_we|
        we_can it? work|works|worked|working out
    ice cream|breaker|coffee|water|cold|break|skating
    there|in_there|at_your_place|in_your_place after|before|at|when
    fly|flying by|through|solo|monkey|out_tomorrow|home|back
    pop in|by|over|up|into|ups
    pick up|me|one|a|my|which|another|the|it_up|you|someone|your
    in touch
    get|keep|stay|be|out_of|losing|lost|personal|human|nice|final|finishing|magic touch
    touch up|ups|base|bases|screen
    sleep on it|that
    sex offender
    by the|a wire
    tan lines|france
    sun is|valley|city|day|shine
    red tape|carpet|flag|flags
    black|white|blue|green|red|gold|silver friday|card|tie|list|color|market|label
    hot|cold deal|deals|mess|topic|spell|day|weather|chocolate|girl|seat|stuff|commodity|item
    heavy traffic|heart|rain
    drop|dropping|dropped off|by|me|everything|my_plan|the_ball|from_my_account
    stuck in|at|with|on traffic|work|meeting|meetings|a|line|this|the
    lines|line busy|open|is|at|was|of|in|up
    phone|business|dead|bottom|front|time|help line|lines
    numb|dumb from|with
    choking|choke on|up
    frozen yogurt|shoulder|account|plan|card|screen|app|food|membership|funds
    freeze|frozen|froze my|the|our|his|her account|plan|membership|card|it|subscription
    account|plan|membership|it|card|app|page|screen|phone|computer is|was|got|be|been|still|stay|keeps|has* frozen|
        froze|stuck|freezing|dead
    freak out when|about|over the? bill|price
    suicide prevention|awareness|squad
    nervous|scared|afraid|worried|anxious|terrified of|about needles|needle|my_first|first_time|trying
    ipsum dolor
    is|are|was|being|been|such|what a|such_a pain|headache|nightmare
    your|that|this|the|those|these|playlist|music|deal|outfit|lobby|space .? is|was|are|looks sick
    jaw dropped at|when|seeing
    eyes popped out
    school|college|degree|program|classes for|in nursing
    pregnant pause
    ^ swell
    swell thanks|party|job|guys|time|thank|evening|day
    covid money|era|times|years|pricing|closure|closures|rules|check|relief
    infectious vibe|love|laugh|energy|smile
    vibe|energy|laugh|love|smile .? is|was infectious|contagious
    can|could|to|will|you|she|he|lets|please|ill|gonna|who do|does my|our .
    ^ do my .
    has|have|got|get|getting|need|want my|both .? done|redone|refreshed|tightened|waxed|threaded
    sick and tired
    sick|swell beat|beats|party|burn|flow
    pain au
    headache of a
    it pains me
    it hurts but
    it hurts to ask|say|pay|leave|cancel|admit|part|let|think|spend|do_this|see_you|see_the|see_my
    gift shop
    bank|app|system|website|phone|computer had a? stroke|seizure
    service is|was painful
    rude|mean|lied|said|laughed|nasty|lie .? .? to|in my face
    freeze my face lol
    feel sad|pretty|guilty|confident|beautiful|lucky|ripped_off|overcharged|scammed|like_a_million
    from|of|with the|my bottom? of? my? heart
    heart is full|happy
    bump me|my|it|up|the|back
    didnt|not|doesnt|wont|never hurt a_bit|me_at_all|one_bit
    carne y hueso
    cabeza de familia
    cara o cruz
    ^ a? mano
    eyes look so|awake|great|bright
    piel sensible
    head is spinning
    cold|warm reception|welcome|shoulder
    hurt that|by|because|when|nobody
    hurt nobody
    in the? lobby
    cut|cutting me|us|you a|some|out|off|slack
    scratching my head
    shot of reality|clarity
    give me a shot
    shot in the dark
    give .? a shot
    a shot at
    on|getting_on|work my last? nerve|nerves
    the|some|a|lot_of nerve charging|to|of|charge
    heart hurt|hurts|aches|sinks to|when|that
    hands are|were|is tied|full
    swallow|stomach|digest that|this|the|your price|prices|bill|cost|costs|fee|fees|increase
    your|that|this|the|those|these .? .? is|was|are sick $
    blind without|date|spot|faith
    eyes|hands are tired
    twist|twisting|twisted my? arm
    arm is twisted
    headache|headaches|migraine you|youve|yall|this_place|from_you
    stung by that|the
    skin off
    skin of my teeth
    the flu going
    vaccinated to
    no show .? .? .? sick
    red veins .? is|are
    new owners|owner|management|manager|staff|girl
    new owners|owner|management
    worse since the new|old|other
    head|ears|eyes|brain hurt|hurts|spins from|with this|your|the|all
    music .? hurts|hurting my ears
    gray|grey hair|hairs
    saved|saving|save my skin|ass|butt|face|hide
    hurt for the
    blood is|was|boils boiling?
    in my blood
    blood sweat
    bad|my_own|flesh_and blood
    duck bill
    wore|wear|wears|wearing|worn off
    cancer|covid|pain|acne|symptom|drug|smoke|lump free
    over covid|the_flu|my_cold|being_sick|it
    dark_spots|scars|acne|redness|melasma|rosacea|spots|pimples|breakouts .? .? .? gone|fading|faded|cleared|
        clearing|disappearing|better|calmer|amazing|invisible
    not|no numb|pain|redness|soreness this_time|either
    feel|feeling bad|terrible|awful|horrible|sick about|for|that|leaving|cancelling|asking|but
    ears are? ringing with
    different|new|another insurance
    billing .? .? headache
    inbox .? swollen|exploding|bleeding
    thick skin
    spreading|spread the word|love|joy|cheer
    """,
    {},
)
