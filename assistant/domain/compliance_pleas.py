"""More of what a STOP comes down to in English: a ban, being struck off, being left alone, the law, another's phone."""

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
    <ban> <gently>* use|store|keep|save|share my|this .? <line>
    stop|quit using my|this <line>|num
    text|message|contact|bother|bug|spam|harass|pester|annoy somebody|someone|some_one|other_people else?
    text|texting|message|messaging|contact|contacting me|us|people .? .? .? .? is|it's|was illegal|against
    illegal|unlawful|against .? .? .? to? <send>|<sending>
    keep|get your|ur|yall|y'all|the|these !<apart>* <sent>|bot|robot|business|crap|promos|texts off|out|away|to
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
    can|could|would|may you|u|ya not <send>|<sending>|send|$
    can|could|would you|u|ya not $
    don't|dont|do_not waste|bother .? .? .? <sending>|<send>
    do_not|dont|don't continue|keep|start to? <send>|<sending>
    """,
    """
    <neg> <soft>* <stop>
    before|after|until|til|till|past|at .? .? am|pm|o'clock|noon|work_hours|dark|dinner|hours|5|6|7|8|9|9pm|8pm|10pm|
        9am|10am|8am|7am|10|11|12|we|i|my|the|tomorrow|then
    until|til|till|during|late|early|night|nights|mornings|morning|sunday|sundays|saturday|weekends|while|when|
        unless|twice|back|yet|instead|so_much|so_late|so_early|as_much|as_often|less|only|evenings|hours
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

STRUCK = (
    """
    # take my cell out of whatever sends these; can i be excluded; lose my digits; get me off this thing
    <strike> off|out? <mine>* me|us|our|my|his|her|this|the|number|phone|line|name <mine>* off|from|out|outta|of|away
        !<spa>? !<spa>? !<spa>? <roll>
    <strike> off|out? me|us|<line>|name|number|555|cell <mine>* off|out please|now|today|thanks|plz|pls|asap|thx|
        immediately|ok|already|then|before|or|and|i|right|of_here* $
    <strike> off? all|any|every|each? of? my|our|this|his|her|the|your|number|cell|phone <mine>* <line>|wife|husband|
        mom $
    <strike> off? my|our|this|his|her <mine>* <line> please|now|or|and|thank|thanks|thx|i|immediately|before|asap|
        today|right|pls|plz|at|already|it|creep|for|everywhere|completely|forever|permanently|all|off|out|away|it's|
        its
    remove|delete|erase|unsubscribe|exclude|unlist|scrub|purge|scratch|omit me|us from? <ask>* $
    <strike> me|us now|at_once|or|immediately|asap|right|today|before|and|please|pls|plz|altogether|completely|else
    remove|delete|erase|take cell|number|phone|contact|off number|info|data|555|0|all? .? .? $
    remove my|her|his wife|husband|mom|mother|daughter|son|enrollment .? .? .? .? $
    be|get|getting|been|being|consider_me <struck> !<spa>? !<spa>? !<spa>? <roll>|$|please|now|asap|too|immediately
    have|get|want|need|see|like|love|make .? .? .? my|our|this|the|these|me <mine>* <line>|texts .? .? <struck>|off|
        out|gone $
    have|get|want|need me .? <struck>|off $
    have|get|want|need|see|like|love|make .? .? .? my|our|this|the <mine>* <line> .? .? <struck>|off|out|gone
    want|wanna|need|like out|off of? <any_of>* <roll>|<sent>|here|this
    just|only want|need|like out|off $
    want|need|like these|them|<texts> .? .? off|gone|stopped|ended $
    want|wanna|need|like|trying to? exit|unjoin|off|out .? .? .? .? <sent>|list|group|thread
    want|wanna|need|like|trying to? leave the|this|your <any_of>* list|group|thread|chat|texts
    exit|leave|quit|unjoin the|this|your|me|from? <any_of>* texts|<sent>|list|group|thread|chat|text_program $
    <strike> off? 555|0 .? .? .? .?
    number|info|email|phone|cell|address .? .? .? .? .? .? .? delete|remove|erase|take|lose|use it off|again? .? $
    please|pls|plz|kindly|just|me|stop remove|delete|unsubscribe|unsub|unlist $
    i'm|im|am|being|was|be off of? <any_of>* list|lists
    free|release|unchain me from <any_of>* <roll>|<sent>
    how .? i remove|get|take myself|me|number off|out|from|removed|$
    get|let|set me|us|my|our|this <mine>* off|out|outta|out_of|off_of|from|free of? <any_of>* <roll>|<sent>|list|
        here|this|there
    get me|us|my off .? .? $
    get my|this|our <line>|name|bot off|out|outta
    lose|forget|delete|erase|misplace my|this|that <line>|name
    forget|erase about? me|us|i_exist|you_have_my
    ^ <ask>* off|out_of|from your|ur|yall|the|this|these|my? <any_of>* list|lists|blast|blasts|database|system|
        <texts>|phone .? .? $
    list|number|name|phone|my removal|deletion|enrollment
    request|requesting|requested|asking_for|demand|seek|seeking removal|deletion|to_be_removed|that_i_be
    ^ <ask>* removal|delete|deletion|remove|disconnect please|request|now|texts|messages|contact|number|this* $
    unlist|untext|desubscribe|unsubscribing|unfollow|un_list|de_subscribe
    exclude|omit|remove|withdraw|unlist|opt|mark|put|add|set|make|note|flag|list .? .? .? .? .? .? .? do_not|not_to|
        opt_out|dnc|no contact|call|text|texts|sms|message|disturb|out|list|promos
    deleting|removing|taking|dropping me|my|us .? .? .? off|from|out !<spa>? !<spa>? !<spa>? <roll>
    preferences|preference|settings|setting|account|file|profile to|so|as|for|say .? .? .? no|not|zero|email_only
        <sent>|text|send|to
    preferences|preference|settings|setting|me to|at|as none|off|zero|do_not $
    confirm .? .? .? .? .? unsubscribed|removed|opted_out|deleted|off
    block|ban|blacklist my|this|our <line>
    block me .? $
    take|get me|us|my_number off before|or|and|please|now|asap|because|cuz|im|i'm|i
    mute|silence|blacklist me|my_number|this_number|my_phone
    block|report|reporting|sue|lawyer|attorney .? .? .? .? .? if this|these|it|you|they <neg>? stop|quit|ends
    drop|toss|dump|trash|burn|shred|bin my|this <line>
    why .? .? .? still|have .? .? .? list|number $
    """,
    """
    off|from|out|out_of|outta|of|on|as the|my|your|this|that|our|a|of|for|today's|tomorrow's|friday's|next* !<roll>?
        <spa>
    <neg> <soft>* <stop>|<strike>|be|get
    i|we|they|she|he|someone|accidentally deleted|removed|took|lost|dropped|forgot|lost|erased
    <strike> .? .? .? card|cards|charge|charges|fee|fees|visa|amex|mastercard|tip|appointment|hold|pause|freeze|
        membership|plan
    <strike> .? .? .? address|email|number|phone|name|info|contact on|to with
    update|change|changed card|number|email|address|phone
    my|is new card|number|email|address|phone .? .? .? .? <texts>? 555|0|is
    back on|onto|in
    this|next month|month's|months|week
    off|from|out_of this|the|your bot|robot
    did|have|was|why|does you|i|my|u|we|it|they .? .? .? removed|remove|delete|deleted|unsubscribed|taken_off|dropped
    do_not_contact|do_not_text|do_not_call|block|dnc .? .? i want
    remove|off .? .? do_not_text|do_not_contact|block
    to|with|a|get|real|me person|human|somebody|someone|representative|manager
    account .? .? .? please? $
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
    had enough|it|quite_enough $
    enough is enough
    that's|thats|that_is enough $
    ^ <ask>* enough <texts>|already|now|please* $
    ^ <ask>* quit it|this|that|please|now $
    please|pls|plz|bruh|bro|ugh|omg|dude|just|seriously|kindly|people quit $
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
    tcpa|can_spam|telemarketing
    on|national|federal do_not_call|dnc|the_do_not_call
    text|message|contact|email|bother|hear me|my|this|from again|more|number .? .? .? .? .? sue|lawyer|attorney|
        report|police|court|fcc|ftc|cops|block|fine|charges
    be forgotten
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
    looking|trying|searching|wanting for|to .? .? someone_else|somebody_else|another_person|different_person
    this|it was|is|must|has|may|might be? been? meant|intended|supposed for
    confused|mistaken|mixed me|us up? with|for
    think|believe you've|you|u|ya .? .? .? wrong|mistaken|someone_else
    """,
    """
    i|we gave|put|entered|typed|used|left|wrote .* wrong
    wrong .? .? card|date|amount|plan|time|day|charge
    wrong number of|for
    charge|charged|paid|booked
    not .? .? in|on|at
    my .? .? not my
    text|call|use my
    did|do|does you|i|she .? .? .? wrong
    my|that message|text was
    did|didn't|dont|don't|not get|give|see|have your|the|a number
    what|which|is number|this
    my|new|another card
    not .? .? .? .? working|sure|charged
    """,
)
