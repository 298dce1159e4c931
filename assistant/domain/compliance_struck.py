"""Being struck off as what a STOP comes down to: off the list, out of the system, the number lost and forgotten."""

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
    <strike> me|us now|at_once|or|immediately|asap|right|today|before|and|please|pls|plz|altogether|completely|else|
        for_good|forever|permanently
    remove|delete|erase|take off? all? cell|number|phone|contact|info|data|555|0 number|info|data|contact? .? .? $
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
    resign|resigning|withdraw|unenroll|uninvite from|me|my .? !<apart>* <sent>|list|club|texts
    kick|boot|throw|vote me|us off|out .? .? .? .? .?
    cancel|drop|end my spot|place|enrollment|registration in|on|from .? <any_of>* <sent>|list|club|group
    exit|leave|quit|unjoin the|this|your|me|from? <any_of>* texts|<sent>|list|group|thread|chat|club|text_program $
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
    asked|requested|told|begged|asking|wanted|want|like .? .? to be <struck>|off
    make|sure|confirm|certain .? .? .? not|off on|of? any|your|the|a <any_of>* list|lists
    getting|be off|out of? <any_of>* list|lists|<sent>
    take|remove|get|delete|erase my|this|our|his|her|the? phone|cell|mobile|old|work|home? number|phone|cell|email
        off|from|out
    haven't|havent|hasn't|not|still .? .? removed|deleted|unsubscribed|taken me|my
    remove|delete|unsubscribe me|my_number yet
    lose|delete|remove|forget|erase my please|pls|thx|now* $
    deleting|removing|taking|dropping me|my|us .? .? .? off|from|out !<spa>? !<spa>? !<spa>? <roll>
    preferences|preference|settings|setting|account|file|profile to|so|as|for|say .? .? .? no|not|zero|email_only
        <sent>|text|send|to
    preferences|preference|settings|setting|me to|at|as none|off|zero|do_not $
    preferences|preference|settings|setting none|off|no|never $
    add|put|place|list me|us|my|this .? .? .? .? .? dnc|do_not_call|do_not_text|do_not_contact|do_not_disturb
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
    """,
)
