"""The words of the ideas in `compliance_ideas`, by what they are in an English plea for no more texts."""

from assistant.domain.compliance_words import LISTS

NAMES = LISTS | {
    "sent": """
        text texts messages message msg msgs sms mms promo promos promotion promotions promotional ads adverts
        advertising advertisements marketing spam solicitation solicitations communication communications notification
        notifications notifs alert alerts reminders newsletter newsletters blast blasts email emails mail mails
        mailing
        mailings mailers robocalls pings campaign campaigns propaganda junk texting messaging emailing e_mail e_mails
        outreach correspondence harassment
    """,
    "sold": "pitches pitch offers specials deals coupons sales sale updates contact stuff crap things garbage bs",
    "sending": """
        texting messaging contacting emailing calling spamming bothering harassing pestering bugging blasting pinging
        notifying soliciting hounding badgering bombarding buzzing blowing lighting hitting annoying stalking
        disturbing hassling nagging flooding clogging filling cluttering mailing msging reaching advertising marketing
        dinging ringing stressing trolling interrupting bombing txting dming flashing invading
    """,
    "send": """
        text texting message msg contact email e_mail bother spam harass disturb write bug ping dm notify solicit
        pester mail
        reach_out hit_me_up hit_us_up hit_my_line hit_my_phone hit_up hit_this blow_up blow_my write_to write_me
        advertise_to be_texting be_messaging be_sending be_contacting be_calling
        send_me send_us send_any send_these send_this send_anything send_nothing send_more send_texts send_messages
        send_promos send_stuff send_things send_it_to use_my use_this advertise market_to sell_me keep_sending
        keep_texting keep_sending keep_messaging keep_contacting continue_texting continue_sending continue_to_text
        keep_blowing push_ads ring
    """,
    "told": """
        texted messaged contacted emailed spammed bothered disturbed harassed solicited notified pestered bugged
        marketed advertised called_or_texted bombarded
    """,
    "these": "these this those them em that it",
    "cease": """
        stop quit cease halt discontinue kill ditch nix axe disable deactivate suspend terminate silence mute cancel
        end
        eliminate block scrap squash curb pause_all cut knock_off shut_off turn_off switch_off cut_off cut_out
        shut_down
        lay_off chill_with cool_it_with do_away_with get_rid_of put_an_end_to put_a_stop_to put_a_halt_to spare_me
        spare_us save_me desist refrain abstain no_more enough done_with through_with finished_with had_it_with
        had_enough_of lose_the drop_the give_it_a_rest_with ease_up_with back_off_with easy_with out_of_here_with
        uncheck untick unselect deselect toggle_off be_gone_with away_with off_with be_done_with opt_out_of
        opting_out_of withdraw_from out_with no_longer_want no_longer_need
    """,
    "over": """
        go stop stopped end cease quit halt go_away disappear stop_coming quit_coming be_stopped be_over be_gone
        be_done
    """,
    "must": """
        need needs must have_to has_to gotta got_to should better ought_to had_better has_got_to have_got_to
        can_please
    """,
    "apart": """
        of by in if when while so because cuz cause but and at on for about not don't dont didn't didnt can't cant
        never
        i he she they who which is are was were until till til since before after without unless a an
        membership memberships plan plans subscription autopay renewal billing charging charges charge dues payment
        payments pause freeze hold credits credit price waitlist schedule appointment appointments facial facials
        treatment treatments visit visits massage upgrade card account contract fee fees job smoking
        using ignoring lying playing giving making being trying worrying complaining asking getting taking
        back robot bot automated late wrong today tomorrow over via through
    """,
    "fewer": """
        of by if when while so because but i until till not don't dont can't cant to_text to_message to_call to_email
        to_spam to_bother miss lose a an back stop end
    """,
    "no": """
        don't dont do_not didn't didnt did_not never no_longer not doesn't doesnt does_not won't wont wouldn't wouldnt
        ain't aint
    """,
    "wish": """
        want wanna wish care like need desire enjoy appreciate authorize authorise consent agree accept ask request
        subscribe sign_up signed_up sign opt_in opted_in approve okay invite asked requested agreed consented wanted
        authorized agreed_to needed choose elect expect require tryna trying looking authorizing wanting consenting
        requesting
    """,
    "gently": "ever please plz pls even really just actually you_dare be u yall y'all you to want_you_to anyone",
    "tail": f"""
        {LISTS["tail"]} of any each every good bot robot spammer spammers creep creeps maam ma'am dammit damn damnit
        minute
        at k im serious kidding not with plzz plzzz weirdos weirdo assholes asshole idiots jerks people losers kindly
        honey hun sweetie all second hell heck fools clowns folks ladies yall y'all jeez god gosh annoying ridiculous
    """,
    "changed": "old new other previous work previous former home-address",
    "issue": "issues issue problem problems complaints complaint one pain worries drama luck parking more longer",
    "any_of": """
        the your ur my our these this those that any all more further other of from to please damn stupid annoying
        automated fucking freaking goddamn unwanted constant random silly daily weekly sales promo promotional text
        marketing spam ads texting whole entire thing membership appointment message group mailing email phone sms
        calling promotions blast
    """,
    "off": "off no_more end stop",
    "ban": "don't dont do_not never donot dnt",
    "subject": """
        i you u we they he she it who people nobody y'all yall guys that and why if please_just could would did to
        clients friends robots can
    """,
    "stopping": """
        i we he she it they won't wont can't cant cannot not never don't dont doesn't doesnt didn't didnt wouldn't
        couldn't bus pit non next last first truck rest tour one the a my full dead short quick train metro to your
        should would will could might gonna must payments payment charges credits membership plan pain bleeding
        itching raining or no bleeding's first-time before until
    """,
    "ask": """
        please pls plz hi hey hello ok okay so and just also no yes yall y'all guys u you can could would to i said
        again look listen seriously fine well sorry thanks ugh dude bro bruh geez gosh jeez alright omg omfg lord
        holy wow
        sheesh dang girl sis ma'am sir dear kindly honestly actually really lol ffs jfc damn nope nah oh ah uh um
    """,
    "at": """
        me us my our this here him her them mine anymore again ever no_more any_more please at_all him his the_number
        the_phone that_number her_phone his_phone and or
    """,
    "strike": """
        remove take delete drop scratch strike erase pull purge wipe scrub lose forget clear cross unlist unenroll
        exclude omit withdraw detach unlink disconnect release dump toss trash burn nuke unsubscribe toss_out
        throw
        misplace scratch_off cross_off take_off yank boot kick expunge unhook drop_off extract destroy unregister
        deregister eliminate get_rid_of del dlt rmv deactivate detach dissociate blacklist
    """,
    "struck": """
        removed deleted taken_off dropped struck erased pulled purged excluded unsubscribed unlisted scrubbed
        taken_out
        opted_out wiped omitted let_off crossed_off
    """,
    "mine": """
        me us my our this his her the number phone cell cellphone mobile line digits name info information email
        e_mail
        address contact contacts data inbox and wife's husband's mom's mother's family old work home personal entire
        details business landline telephone all of everything for numbers everyone's daughter's son's dad's
    """,
    "line": """
        number num nbr phone cell cellphone mobile line digits email e_mail address info information data name
        landline
        telephone inbox details contact
    """,
    "roll": """
        list lists text texts message messages system systems database records rolodex thread chat group contacts
        blast
        blasts campaign campaigns marketing distribution promos promotions notifications alerts mailing mailings
        newsletter newsletters communications files phone computer everything it this here these rotation loop roster
        directory base club text_club text_program sms_program texting_program everything books_entirely spam mail
        email emails
        server crm texting messaging sms whatever thing
        there rolls rounds sequence feed nonsense mess circus y'alls
    """,
    "spa": """
        membership memberships plan plans waitlist wait_list waiting waiting_list schedule books calendar autopay
        auto_pay auto renewal renewals hold pause freeze appointment appointments appt visit visits facial upgrade
        contract monthly program member trial event party class o'clock am pm noon monday tuesday wednesday thursday
        friday
        saturday sunday today's tomorrow tomorrow's cancellation guest raffle package subscription bill charge charges
        card fee fees cancel treatment massage guestlist invoice dues payment bed table chair face skin lip lips
        forehead chin billing month's
    """,
}
