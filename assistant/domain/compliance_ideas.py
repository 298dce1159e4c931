"""What a STOP comes down to in English: an end, a refusal or a ban of what we send, or a plea to be struck off.

Each idea has a grammar and its guards: a clause asks where one of the first is said and none of the second. They are
looked for where the plain sentences of `compliance_words` are not said.
"""

from assistant.domain import compliance_ideas_es as es
from assistant.domain import compliance_pleas as pleas
from assistant.domain import compliance_struck as struck
from assistant.domain.compliance_names import NAMES
from assistant.domain.compliance_names_es import NAMES_ES
from assistant.domain.phrases import Phrases, phrases

ENDED = (
    """
    # kill these ridiculous texts; i want the messages to go away; texts off; done with your promos
    <cease> of? !<apart>* <sent>|<sending>
    stop|quit|cease|halt|enough|no_more|done_with|spare_me|spare_us|cut_out|knock_off|lay_off !<apart>* <sold> $
    stop|quit|enough|easy with|w these|this|it|those|them $
    <cease> receiving|getting|hearing|seeing <any_of>* <sent>|these|this|those|them|from|stuff|promos
    discontinue|end|stop|cancel|terminate service to this|my|our <line>
    make|get you|u|yall|y'all|them|him|her to? stop|quit $
    shut this|it off $
    ^ <ask>* end|kill|cancel these|them|those $
    <texts> .? .? .? end|stop|remove|kill|cut|cancel them|these|those $
    what|which .? .? .? .? text|reply|send|word|say|type|press .? .? to? stop|quit|end|make
    <texts> .? .? want|need|like gone|off|out|stopped|ended
    <texts> not|aren't|arent|are_not|isn't ok|okay|welcome|wanted|necessary|needed|allowed|appreciated
    these|those|<texts> .? .? .? .? remove|delete|take|stop|end|cancel it|them|this off? $
    to not|never get|receive|have|see <any_of>* <sent>
    take|peddle|sell|push|send|bring your|ur|these|the|this|that .? .? elsewhere|somewhere_else|to_someone_else|
        to_somebody_else|to_someone_who
    any|one|next|another|any_more|one_more more? text|texts|message|messages|txt .? .? .? .? lawyer|attorney|lawsuit|
        sue|report|police|block|complaint|file|fcc|court
    so|that|where i don't|dont|do_not|no_longer|stop|won't|never get|receive|hear|see <any_of>* <sent>|these|this
    no|not want|wanna|quiero more|mas? <any_of>* <texts>|mensajes|textos
    ^ can the|it with? the? <texts> $
    stop|quit|cease .? sending|texting $
    <cease> sending me|us|my|this|these|those|to|any|more|him|her|so|your|ur|out
    stop|quit trying to reach|contact|sell|text|message|call
    stop|quit asking|begging|trying|pushing|urging|telling .? .? me|us to come|go|book|buy|join|rejoin|return|visit|
        get
    stop|unsubscribe|opt_out|unsubscribing|stopping doesn't|doesnt|isn't|isnt|not|didn't|didnt|never|won't work|
        working|works
    stop|opt_out|unsubscribe|removal request|requests|replies
    <texts> aren't|arent|not|isn't .? for|meant me|us
    these|<texts> .? .? .? .? i'd|id|i_would rather|prefer not $
    be|was|is the|your last <texts>|one
    ^ <ask>* last text|message|email|one please|pls|thanks|ever* $
    no more after|from|starting|past this|today|now|tonight
    emails|email|calls|call|mail|phone not texts|text|messages|texting|sms $
    all_set with|on the|your|ur|these <texts>
    good|fine|straight on|without the|your|ur|these <texts>
    ^ <ask>* keep your|ur|yall's <sent>|<sold> $
    changed my mind .? about <any_of>* <sent>|getting|receiving
    stop|quit asking|following|selling|calling|buzzing|interrupting me|us|up|stuff|this|my* $
    make|get|have|want|need|wish|like|love .? .? these|this|those|them|em|<sent> .? .? to? <over>
    make|get|want|need|wish it to? go_away|stop
    these|those|<sent>|texting <must> .? to? <over>
    this|it|that <must> .? to? stop
    turn|switch|shut|cut|flip|cancel off? this|these|those|them thing? off? $
    turn|switch|shut|cut|flip off !<apart>? !<apart>? <sent>
    turn|switch|shut|cut|flip <any_of>* <sent> off
    <texts>|sms|<sent> off|away please|now|my|phone|for|good|thanks|thx|pls* $
    <off> .? <texts> $
    ^ <ask>* no|zero|nomore more|further|other|additional? of? <any_of>* <sent>|<told>|contact|communication ever|at|
        all|please|to|on|from|this|my|phone|number|cell|will|is|are|for|me|again|thanks|thx|ok|desired|tolerated|lol|
        here|anymore|needed|be|you|necessary|required|going|forward|now|wanted|wanted|in* $
    please|ugh|ok|okay|pls|plz|omg|seriously|enough|said|say|much|done no_more <tail>* $
    ^ <ask>* no|not more of? these|this|those|from you|yall|y'all|glow|now|please|thx|thanks|ok|lol* $
    ^ <ask>* no|nothing|not further|else|more from you|glow|yall|people|anyone|guys|please|now|this|number|contact* $
    want|wants|said|told|prefer|rather|just|only|you|them|need|request|please|for|choose|opting no|zero|nothing more|
        further? of? <any_of>* <sent>|more|contact|from
    send nothing|no|zero else|more|further|texts|messages
    send me? no more|nothing
    no_thanks|no_thank_you|no_thank_u|no_thx to|on <any_of>* texts|messages|emails|notifications|ads|texting|spam|
        these
    ^ <ask>* cease|halt|desist|refrain|scram|shoo now|please|immediately|this|these* $
    quit|stop|cool it|this|that with? !<apart>* <sent>|<sold>|these|this|those|it $
    enough|done|through|finished with|of|w <any_of>* <sent>|these|those|them $
    enough of|with this $
    stop|quit|end|kill these|those automated|auto|promo|promotional|weekly|daily|sales|random|annoying ones|things|
        stuff $
    put an|a end|stop|halt to|on !<apart>* <sent>|this|these|it
    want|need a stop put on|to
    spare|save|unburden me|us !<apart>* <sent>
    how|way|where .? .? .? .? .? .? not|stop|quit get|getting|receive|receiving|having? !<apart>* <sent>|these|this
    can|could|may|how i|we please|just? not|stop|quit get|getting|receive|receiving .? .? <sent>|these|this|those
    make|see|sure|certain|confirm|ensure|guarantee|promise|assure .? .? .? i|we don't|dont|do_not|won't|never|
        no_longer get|receive|hear .? .? .? <sent>|these|this
    get|receive no_more|no .? .? <sent>|these
    <texts> no_more|must_stop $
    """,
    """
    <neg> <soft>* <stop>
    can|may|do|should|could|must|will i|we stop|quit by|in|at|sending|using|taking|the
    did|does|when|why'd .? .? .? .? stop|stopped|quit|end $
    did|have|has|had you|u|i|we|they|y'all|yall|the|your|my .? .? <stop>|<stopped>
    why .? .? .? .? <stop>|<stopped>
    i|we stopped|quit|ended getting|receiving|seeing|hearing
    i'll|i_will|ill|i'd stop|quit|cease|end
    stop|end by|in|of
    got|get|getting|have|there|received|see|sent|had|is|are|was|were|with|into no <sent>
    no <sent> came|come|arrived|yet|received|showed|went|so_far|about
    start|restart|resume .? .? .? <sent>|texting|sending|messaging|it|coming
    stop|quit .? loving|making|crying|blushing
    what happens|happen|does|mean|means
    <cease> .? .? .? .? about|for|to|on|in|from my|the|this|a? membership|plan|pause|hold|appointment|facial|card
    these|this|those|the|my|your|automatic|auto|double charge|charges|payment|payments|fee|fees|dues|autopay|
        withdrawal|renewal|noise|music|bill|billing
    bot|robot .? .? .? .? person|human|someone|somebody
    """,
)

BARE = (
    """
    # a "stop" at the end of what is said, with any vexation before it: "gosh please stop", "yall are annoying stop"
    ^ stop <tail>* $
    ^ <ask>* stop effective|immediately|as_of|starting|from|at_this|for_this|on_this|on_my|for_my .? .? .? $
    ^ stop|quit|unsubscribe or|before you|i|else|we|im|i'm|i'll|ill|the
    !<stopping> stop|stahp|halt|cease|desist <tail>* $
    you|u|guys|yall|y'all|people|these|them|asking|begging|told|nicely to stop|cease <tail>* $
    you|u|guys|yall|y'all|people|they need|have|got|ought to stop|quit|cease <tail>* $
    gotta|better stop|quit <tail>* $
    you|u|yall|guys|people|y'all can|may|should|could|must|better|please|will|would please|kindly|just|all|now? stop|
        quit|cease <tail>* $
    can|could|would|will you|u|ya|yall|guys please|kindly|just|all|guys|people* stop|quit <tail>* $
    replying|texting|saying|reply|replied|text|texted|sent|said|says|say|answered|typed|put|sending|wrote stop|
        unsubscribe|quit|end yesterday|so|twice|already|again|last|and|to|like|two|three|multiple|many|but|before|
        days|now* $
    part|piece of stop|no
    times .? .? .? .? .? .? stop|no
    why won't|wont|can't|cant you|u|i|yall stop|quit|unsubscribe
    when|if .? .? you|yall|u .? going|gonna to? stop|quit
    it|this|that has|have|needs|need|got to stop|end|quit
    when|how i say|said stop
    stop|quit means stop|quit
    quit|stop quit|stop|now
    by law .? .? .? .? stop|remove
    """,
    """
    <neg> <soft>* <stop>
    did|does|do|should|can|could|when|will|until|til|till|while|if|before i|we|my|the|it|they|he|she|that|this .? .?
        stop|quit|end
    ^ oh|aww|aw|haha|hehe|lol|jaja stop it|that|lol $
    what happens|does_stop|does_reply
    things|it_all $
    bus|pit|next|last|first|truck|rest|tour|one|full|dead|short|quick|train|metro|subway|tram|final|second|third|
        bleeding|itching|raining|crying|eating|to_a|the stop
    i|we|he|she|my|make|made .? .? want|need|like|have|going|trying|had|forgot|started .? to stop
    am|are|is|was i|we .? stop
    why|did|have|has .? .? stop|stopped
    end of|the
    stop|quit by|in|sign|light|payment|loving|charging|billing|taking|using
    no_wait|wait|keep_it|keep_my
    """,
)

REFUSED = (
    """
    # i'd rather not hear from you by text; nobody wants these; no need to text me; i have no use for your promos
    <no> <gently>* <wish> !<fewer>* <sent>|<told>|<sending>
    <no> <gently>* <wish> !<fewer>* hear about your|any|anything|the
    <no> <gently>* <wish> !<fewer>* hear from|anything|another|any|a_thing|it
    <no> <gently>* <wish> .? .? .? these|those|em|them|ur_stuff|your_stuff|your_crap|your_deals anymore|any|more|
        longer|thanks|please|now* $
    no_longer|not|never wish|want|desire|care to|these|this|any $
    <no> <gently>* <wish> .? .? .? on|in !<fewer>? !<fewer>? list|lists|database|system|group|thread|chat|blast
    <no> <gently>* <wish> .? .? any_of|none_of|part_of|any_more_of|any_part_of this|these|that|it $
    <no> <gently>* <wish> .? .? you|u|yall|y'all|anyone|businesses|companies|strangers .? .? <send>|<sending>
    <no> <gently>* <wish> .? .? you|u|yall|y'all to? have|having|keep|keeping|using|use .? my|this <line>
    <no> <gently>* <wish> to? be .? .? <told>|struck|on_the_list|on_this_list|on_your_list
    <no> <gently>* <wish> to? be on|in|part this|here|the_list|your|of
    <no> consent|consenting $
    <no> <gently>* <wish> any more|longer? $
    whatever|whoever this|it|that .? .? .? <no> want|need|know|like it|this|any|you $
    no|zero|any|have_no business|right|permission|cause|reason|need|point <sending>|sending
    <no> <gently>* <wish> nothing|anything|contact from|else|with you|u|yall|y'all
    not|no_longer|never|isn't|ain't|zero|no|lost|0|any interested|interest|desire in|to|for !<fewer>* <sent>|
        <sending>|hearing|this_list|hear|receiving|anything_you|anything_you're|any_of_this|your_deals|your_offers|
        the_list|your_list
    no|not|never|any need|reason|use|point|interest|desire for|in <any_of>* <sent>|these|those
    no_interest|zero_interest|not_interested remove|stop|delete|unsubscribe|lose
    no|zero|any use|interest|desire|room|time|patience|space|appetite|tolerance for|in|to|with !<fewer>* <sent>|
        <sending>|these
    no|any|a|zero|without|not|isn't need|reason|point|business|right|permission|consent|cause|authority|
        authorization|necessary to|for|in|of you|me|us|anyone? to? keep|be|ever|even? <send>|<sending>|sending|
        be_contacted|these|<sent>
    you|u|y'all|yall don't|dont|do_not|needn't need|have|got to? <send>|keep|be
    nobody|no_one|noone|none_of_us|neither_of_us .? .? .? .? .? want|wants|asked|needs|need|likes|requested|ordered|
        signed_up|subscribed|cares .? .? <sent>|these|this|you_to_text|<told>|for_this|for_these
    nobody|no_one|noone at|in|on .? .? wants|want|asked|signed
    i|we don't|dont|do_not do|use|accept|take <any_of>* texts|text|texting|sms|messages .? $
    rather|prefer|preferred|appreciate|love|like|great|happy|grateful|thankful|nice|best|wish|ask|asking|request|
        asked .? .? .? .? not|don't|didn't|dont|didnt|no|without|stopped|quit|zero|no_longer !<fewer>? !<fewer>?
        <sending>|<told>|these|hear|receive|get|getting|be
    rather|prefer|ask|request|asking|asked|appreciate .? .? .? .? not|don't|didn't|dont|didnt|no|without|zero
        !<fewer>? !<fewer>? texts|messages|promos|notifications|emails|contact|communication|marketing|spam|calls|
        ads|text_messages
    rather|prefer|ask|request|asking|asked|appreciate|great|wish|love|like .? .? .? .? not|don't|didn't|dont|didnt
        <send> me|us|my|this|anymore|again|here|$
    appreciate|great|wish|grateful|prefer|rather|nice if? you|yall|y'all|it|this|these|they 'd|would|could? stop|
        stopped|quit|removed|deleted
    mind|would|ask|rather|prefer|please not <sending>|sending|taking_me_off|removing_me
    mind taking|removing|deleting|unsubscribing|dropping me|us|my
    <no> <gently>* give|gave|given|grant|granted|have|had|has|got|get|giving !<fewer>* permission|consent|
        authorization|approval
    never|didn't|didnt|did_not|not|don't|dont .? .? .? give|gave|given|giving you|u|yall|y'all|out my <line>
    without my|our|any|prior|her|his consent|permission|authorization
    <sent>|these|this|ur_msgs is|are|r|was|were .? unwanted|unwelcome|unsolicited|not_wanted|not_welcome|
        not_requested|illegal
    ^ <ask>* unwanted|unsolicited <sent>? $
    never|didn't|didnt|did_not .? .? sign|signed|signing|subscribe|subscribed|opt|opted|register|registered|enroll|
        enrolled up|in? for|to|in? these|this|anything|any|<sent>? .? .? $
    never|didn't|didnt|did_not ask|asked|agree|agreed|consent|consented|request|requested|order|ordered|want|wanted
        for|to? these|this|any_of_this|<sent> $
    never|didn't|didnt|did_not|who say|said|tell|told you|u|yall|y'all .? could|can|may text|message|contact|send
    decline|refuse|reject|object|opposed|opting_not to? !<fewer>* <sent>|<told>|<sending>|these|hear|receive|use_of_my
    want|need|seeking|asking_for no|nothing|zero part|contact|more|communication|to_do_with|from of|with|from? .? $
    want to? be .? left alone
    do_not|don't|dont|never <gently>* authorize|authorise|consent|agree|approve any|further? contact|use
    not|aren't|isn't for ads|advertising|marketing|promos|specials|solicitation|telemarketing
    """,
    """
    <no> <gently>* <wish> .? .? .? .? to <stop>
    not|don't|dont .? mind
    hear|text|call|message|write back
    unless|instead|except|only
    not|never miss|lose|delete
    no|any need|reason to? call|text|message|contact|email|bother .? .? back|anyone|again_about
    rather|prefer|like|love|appreciate .? .? .? texts|texting|text|messages|emails over|than|to|instead
    <no> .? .? .? .? .? charge|charges|fee|price|increase|membership|contract|facial|treatment|add|upgrade|
        appointment|renewal|refund|plan|program|payment|amount|autopay|charged|billed|renew|reminder|visit
    did|do|why|haven't you|u not|get
    not interested|interest .? .? in the|this|that offer|upgrade|filler|plan|membership
    hear|hearing|get|got anything|nothing about|back
    <no> .? .? texts|messages|calls|emails from|in|when|while|about .? .? today|yesterday|yet
    haven't|havent|hasn't|hasnt get|got|received|gotten|heard
    <no> .? to? be|live|wake|exist here|alive|anymore
    to text a robot|bot
    talk|speak to|with
    """,
)

_ENGLISH = (ENDED, BARE, REFUSED, pleas.BANNED, struck.STRUCK, pleas.LEFT_ALONE, pleas.UNLAWFUL, pleas.OTHERS)
_SPANISH = (es.CESEN, es.REHUSO, es.PROHIBO, es.BORREN, es.EN_PAZ, es.LEY, es.OTROS)

IDEAS: tuple[tuple[Phrases, Phrases], ...] = tuple(
    (phrases(asking, names), phrases(guards, names))
    for ideas, names in ((_ENGLISH, NAMES), (_SPANISH, NAMES_ES))
    for asking, guards in ideas
)
OTHERS = (IDEAS[len(_ENGLISH) - 1], IDEAS[-1])
"""The ideas that the phone is somebody else's now."""
