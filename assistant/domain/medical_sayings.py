"""Sayings in which the body means something else, and the lists that all figures of speech share."""

from assistant.domain.phrases import phrases

LISTS = {
    "come": """
        come in by there arrive swing stop appointment slot opening anything book schedule straight right open time free
    """,
    "kin": """
        mom mother dad father son daughter kid kids child baby husband wife sister brother boss coworker friend grandma
        grandmother dog cat babysitter nanny boyfriend partner toddler mama papa hijo hija esposo marido jefe jefa
        abuela
        perro hermana hermano nino nina nene amiga suegra suegro tia tio abuelo primo prima aunt uncle grandpa cousin
        nephew niece inlaw roommate fiance girlfriend bestie neighbor teacher
    """,
}

SAYINGS = phrases(
    """
    emergency|emergencia lol|haha|jaja|wedding|boda|fund|contact|contacts
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
    sick new|ass|as|little|big|deal|price|glow|facial|setup|place|vibe|brows|bro|offer|perks
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
    """,
    LISTS,
)
