"""More of what a STOP comes down to in English: a ban, being left alone, the law, another's phone."""

BANNED = (
    """
    # don't ever hit me up; this phone is for work, don't message it; you are not allowed to contact me
    ^ <ask>* <ban> <gently>* <send> <at>* $
    ^ <ask>* <ban> <gently>* <send> me|us|him|her|my|this|these|those|here|anymore|again|ever|anything|texts|any|it|
        about|for|or|from|by|them
    !<subject> <ban> <gently>* <send> <at>* $
    !<subject> <ban> <gently>* <send> me|us|him|her|my|this|here|anymore|again|ever|anything|texts|any|it|about|from
    ^ <ask>* don't|dont|do_not|never call|text|email|mail don't|dont|do_not|never|nor|or text|call|email|contact
    told|tell|asked|ask|asking|said|warned|want|begging|beg|advise|requested|request|instructed .? .? not to <send>
    you|u|y'all|yall|they can't|cant|cannot|shouldn't|shouldnt|may_not|must_not|should_not|are_not|can_not|
        better_not|should_never <gently>* <send>|<sending>|have|be
    not|isn't|aint|ain't|never|n't allowed|authorized|permitted|supposed|welcome|free to be|ever? <send>|<sending>|
        contact
    <ban> <gently>* use|store|keep|save|share my|this !<changed>? <line>
    stop|quit using my|this <line>|num
    text|message|contact|bother|bug|spam|harass|pester|annoy somebody_else|someone_else|other_people|someone_who|
        somebody_who
    text|texting|message|messaging|contact|contacting me|us|people .? .? .? .? is|it's|was illegal|against
    illegal|unlawful|against .? .? .? to? <send>|<sending>
    keep|get your|ur|yall|y'all|the|these !<apart>* <sent>|bot|robot|business|crap|promos|texts off|out|away|
        to_yourself|to_yourselves
    stay|keep|get out_of|off_of|off|away_from|outta my|this|our <line>|dms|inbox
    keep|leave|count me|us|my|our|this <mine>* off|out
    no|stop|quit <sending>|calling this|my|me|us|our|here
    <ban> <gently>* send|push|share|give me|us|my? !<fewer>* <sent>
    <ban> <gently>* send me|us? to? anything|nothing|stuff|things|crap|junk|shit|none|no|any|this_crap|these|
        this_stuff
    <ban> <gently>* send them|those|these .? .? .? .?
    ^ <ask>* <ban> <gently>* send anymore|more|please|ever|again* $
    ^ <ask>* <ban> <gently>* <sending> me|us|my|this|up|here
    ^ <ask>* <ban> <gently>* call|phone|text|email|message|contact|mail and|or|nor|don't|dont|do_not|text|email
    can|could|would|may you|u|ya .? not <send>|<sending>|send|$
    can|could|would you|u|ya|yall guys|please|just|all|people* not $
    who gave|said|told you|u|yall|ya .? .? permission|could|can|consent|right
    if the|these|those|your|ur <texts> continue|continues|keep|don't|dont|do_not|persist
    if you|u|yall|y'all|they keep|continue|send|text|message|contact texting|messaging|sending|contacting|bothering|
        me|again
    don't|dont|do_not waste|bother .? .? .? <sending>|<send>
    do_not|dont|don't continue|keep|start to? <send>|<sending>
    """,
    """
    <neg> <soft>* <stop>
    before|after|until|til|till|past|at .? .? am|pm|o'clock|noon|work_hours|dark|dinner|hours|5|6|7|8|9|9pm|8pm|10pm|
        9am|10am|8am|7am|10|11|12|we|i|my|the|tomorrow|then
    until|til|till|during|late|early|night|nights|mornings|morning|sunday|sundays|saturday|weekends|while|when|
        unless|twice|back|yet|so_much|so_late|so_early|as_much|as_often|less|only|evenings|hours
    did|do|why|haven't|havent|hasn't you|u|i|we|she|he|they .? not|never? <send>
    why do_not|don't|dont
    i|we|she|he|they|who don't|dont|do_not|never|didn't|didnt <gently>* <send>
    don't|dont|do_not forget|worry
    not|dont|don't send me|us? .? link|code|receipt|confirmation|the|form|invoice|another_bill
    person|human|someone call|contact
    card|charge|visa
    this|next month|week
    ^ <ask>* dont|don't bother $
    """,
)

LEFT_ALONE = (
    """
    # leave my phone alone; take a hint; respect my wishes; for the last time
    leave me|us|my|our|this|him|her .? .? .? .? alone|be
    leave the <line> alone
    let me|us be|live|breathe|sleep $
    take|get the|a hint|hike
    give it a rest
    give me|us a break with|stop|about|from|$
    get lost|bent|a_life|out_of_my_phone|off_my_phone|off_my_case
    respect|honor|honour my|our .? wishes|request|opt|privacy|boundaries
    go bother|spam|text|bug|annoy|harass|pester|sell someone|somebody|other|your|elsewhere
    fuck|screw|piss|eff|f|fck|bug|buzz|back|sod|lay off $
    lay|back off me|my|us
    ^ <ask>* fuck|screw you|u|off|your|ur
    knock|cut|quit|stop it|that|the off|out|already|now|please|crap
    had enough|quite_enough $
    had it|enough|up_to_here with <any_of>* <sent>|these|you|yall|y'all
    enough is enough
    that's|thats|that_is enough $
    ^ <ask>* enough <texts>|already|now|please* $
    ^ <ask>* quit it|this|that|please|now $
    please|pls|plz|bruh|bro|ugh|omg|dude|just|seriously|kindly|people quit $
    ^ <ask>* dnd|do_not_disturb <ask>* $
    ^ <ask>* kick_rocks|beat_it|scram|shoo|take_a_hike|stfu|go_away|shut_up|get_lost|never_again now|please|spam|you|
        thanks* $
    stfu|shut_up with|and|about
    ^ <ask>* go away .? $
    breaking up with your|the|these <texts>
    break_up|breakup text
    """,
    """
    leave me|us .? message|voicemail|note|in|on
    leave .? .? .? as|on|at|with|for|until|till
    <neg> leave|let
    i'll|i_will|ill leave
    leave .? .? appointment|4pm|3pm|spot|slot|card
    facial|skin|compliments|robot|bot
    """,
)

UNLAWFUL = (
    """
    # i take back my consent; this number is on the registry; text me again and i sue; this is harassment
    revoke|revoking|revoked|withdraw|withdrawing|withdrawn|rescind|rescinding|retract|retracting !<apart>* consent|
        permission|authorization|authorisation|opt_in|approval
    ^ <ask>* hereby? revoke|opt_out|unsubscribe now|immediately|all* $
    take|taking|took|remove|pull|cancel back|away? my|our|any|the consent|permission|authorization|approval
    consent|permission|authorization is|has|was|hereby|been* revoked|withdrawn|denied|rescinded|expired|terminated
    tcpa|can_spam|telemarketing|fcc
    on|national|federal do_not_call|dnc|the_do_not_call
    text|message|contact|email|bother|hear me|my|this|from again|more|number .? .? .? .? .? sue|lawyer|attorney|
        report|police|court|fcc|ftc|cops|block|fine|charges
    be forgotten
    not|to|be be|not included|contacted|part|counted in|on|of|by|from <any_of>* <roll>|<sent>
    i'm|im|i_am|still still|getting on|getting|receiving|get these|this|it|the_list|your_list|texts|messages|them
    not be <told>|contacted
    opt|opts|opting|opted|optin me|us|my|this|number|phone* out
    you|u|you're|youre|this|its|it's|is|ur|your|yall|counts|feel|being are|is|as|borderline|basically|considered|
        getting* harassment|harassing|harassed|stalking
    report|reported|reporting|marked|marking|flagged|flagging|mark .? .? as|this? junk|spam
    ^ <ask>* this|its|it's? is? junk|spam text|texts|mail|message|go|away* $
    ^ <ask>* i'm|im|i_am|will|going|to|i'll|and|gonna* block|blocking|blocked|report|reported|reporting you|u|this|
        it|and|number|them|now|if* $
    block|blocked|blocking|blocks and report|reported|reporting
    """,
    """
    if|did|will i|we|you opt
    price|increase|charge|charges|membership|renewal|fee|autopay|contract|treatment|photo|photos|payment
    harassing|harassed by|me_at
    """,
)

OTHERS = (
    """
    # you've got the wrong gal; brenda doesn't have this phone anymore; there's no one named kelly here
    you|u|ya|you've|youve|y'all|yall|have|got|texted|texting|reached|called|dialed|messaging|contacting|contacted|
        messaged|sent|it's|is|its .? .? .? .? wrong <party>|gal|chick|dude|number
    ^ <wrong>* wrong <party>|gal|chick
    no|not|isn't|isnt|nobody|noone|no_one|there's_no .? .? .? .? by_that_name|with_that_name|named|by_the_name
    there|theres|there's is? no|not|nobody|no_one .? here
    ^ <ask>* no|not !<issue> here|at_this_number $
    doesn't|doesnt|does_not|no_longer|don't has|have|use|uses|own|owns|using this|that|the .? .? number|phone|line|
        cell
    not|isn't|isnt|ain't|aint|no_longer|never .? .? .? number|phone|cell|cellphone|line anymore|any|sorry|longer|hun*
        $
    number|phone|line|cell used_to be|belong
    number|phone|line|cell belongs|belonged|is_owned to|by
    i? just|recently|only got|bought this .? number|line
    previous|prior|former|last|old|new owner|person|holder of? this|the? number|phone|who $
    recycled|reassigned number
    previous|prior|former owner
    not the .? .? you're|youre|you|ur are? looking|trying|after|want|need|texting
    getting|get|got|receiving|receive|these <texts>|are .? for|meant_for|addressed_to|intended_for someone|somebody|
        a|another|an named|called|else|lady|guy|woman|man|person
    looking|trying|searching|wanting for|to .? .? someone_else|somebody_else|another_person|different_person
    this|it was|is|must|has|may|might be? been? meant|intended|supposed for
    confused|mistaken|mixed me|us up? with|for
    think|believe you've|you|u|ya .? .? .? mistaken|someone_else
    you|u|you've have|got the wrong one|1 $
    """,
    """
    i|we gave|put|entered|typed|used|left|wrote .* wrong
    wrong .? .? card|date|amount|plan|time|day|charge
    wrong number of|for
    charge|charged|paid|booked
    not .? .? in|on|at
    my .? .? not my
    my daughter's|son's|daughter|son
    text|call|use my
    did|do|does you|i|she .? .? .? wrong
    my|that message|text was
    did|didn't|dont|don't|not get|give|see|have your|the|a number
    what|which|is number|this
    my|new|another card
    not .? .? .? .? working|sure|charged
    """,
)
