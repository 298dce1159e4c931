"""Every intent, in the order its words are tried: one file each, listed here."""

from assistant.conversation.intents.balance import balance
from assistant.conversation.intents.billing_texts import billing_texts
from assistant.conversation.intents.book import book
from assistant.conversation.intents.card import card
from assistant.conversation.intents.change import change
from assistant.conversation.intents.gift import gift
from assistant.conversation.intents.help import help_
from assistant.conversation.intents.hours import hours
from assistant.conversation.intents.human import human
from assistant.conversation.intents.join import join
from assistant.conversation.intents.leave import leave
from assistant.conversation.intents.manage import manage
from assistant.conversation.intents.medical import medical
from assistant.conversation.intents.pause import pause
from assistant.conversation.intents.pay import pay
from assistant.conversation.intents.perks import perks
from assistant.conversation.intents.promise import promise
from assistant.conversation.intents.receipt import receipt
from assistant.conversation.intents.resume import resume
from assistant.conversation.intents.skip import skip
from assistant.conversation.intents.start import start
from assistant.conversation.intents.stop import stop
from assistant.conversation.intents.thanks import thanks
from assistant.conversation.intents.undo import undo
from assistant.conversation.intents.unknown import unknown
from assistant.conversation.intents.why import why
from assistant.conversation.turn import AnyIntent

INTENTS: tuple[AnyIntent, ...] = (
    stop,
    start,
    help_,
    medical,
    human,
    balance,
    why,
    pay,
    skip,
    pause,
    resume,
    leave,
    card,
    manage,
    promise,
    undo,
    join,
    change,
    perks,
    receipt,
    book,
    gift,
    hours,
    billing_texts,
    thanks,
    unknown,
)
