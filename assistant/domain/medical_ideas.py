"""What a clinician must see, as ideas and not as sentences: which words of `medical_words` mean it together.

A line is an idea. `a ~4 b` are at most four words apart in either order, `a >4 b` in this order, `a & b` anywhere in
the message, and `a ! b` where no b is said at all.
"""

ACTS: dict[str, str] = {
    "treated": """
        botox* tox filler fillers injection injections injected inject injector laser lasered peel peels chemical_peel
        microneed* micro_need* facial facials hydrafacial hydra_facial wax waxing waxed brazilian dysport xeomin daxxify jeuveau
        juvederm restylane sculptra kybella radiesse voluma prp ipl morpheus morpheus8 threads thread_lift coolsculpt*
        emsculpt shot shots needle needles iv drip infusion treatment treatments procedure lip_flip lip_injection* dermaplan*
        numbing_cream bbl halo fraxel units syringe vi_peel resurfacing rf lips_done face_done brows_done
        relleno* inyec* tratamiento* depilacion hilos suero procedimiento* microagujas mesoterapia hialuronico
        toxina sesion jeringa*
    """,
    "visit": "visit appointment appt session appointments cita visita session sesion",
    "after": """
        after since following post before prior yet again ago yesterday today tonight tomorrow this_morning last_night
        later weeks days hours just_had just_got got_my had_my have_had got hours_after right_after
        despues antes desde tras ayer hoy anoche hace todavia aun ya manana
    """,
    "may": """
        can_i can_we could_i may_i should_i shall_i do_i am_i ok_to okay_to fine_to safe_to good_to alright_to bad_to
        allowed when_can when_could how_soon how_long_before how_long_until how_long_til how_long_till how_long_after
        how_long_do how_long_should how_long_must is_it_ok is_it_okay is_it_bad is_it_fine is_it_safe is_it_alright ok_if
        okay_if fine_if
        bad_if safe_if supposed_to should_we do_we have_to need_to should_avoid avoid i_avoid stay_away too_soon wait_to
        can_my can_you_still still_can permitted may_one cleared_to wondering_if what_happens_if
        puedo podre podria podemos se_puede se_vale debo deberia tengo_que hay_que cuando_puedo es_malo pasa_algo
        esta_bien_si esta_bien_que hace_dano me_hace_dano es_bueno es_seguro conviene me_dejan permitido evitar
    """,
    "doing": """
        drink drinking alcohol wine beer beers margarita* cocktail* champagne tequila mimosa* vodka drinks booze
        exercise exercising
        workout workouts work_out working_out gym jog jogging yoga pilates swim swimming pool sauna steam_room
        hot_tub hottub jacuzzi tan tanning sunbathe sunbathing the_sun sun_exposure sunscreen spf makeup make_up mascara
        lipstick foundation concealer exfoliate exfoliating shave shaving ice icing ice_pack heating_pad compress lay_down
        lie_down
        lay_flat lying_down laying_down lay_on lie_on bend_over sleep sleep_on my_stomach wash_my_face wash_my_hair
        wash_it get_it_wet wet lotion moisturi* vaseline aloe serum vitamin_c scrub massage rub touch touching squeeze pop
        popping
        pick pick_at scratch peel_it kiss kissing sex smoke smoking vape vaping weed straw blow_dry color_my_hair
        dye_my_hair get_my_hair shower showering bathe bath fly flying flight sweat spicy cbd edibles gummies
        put_on_it put_on_my
        tomar_alcohol alcohol cerveza* vino tequila tragos copa copas beber ejercicio entrenar gimnasio gym correr nadar
        alberca
        piscina playa sauna vapor jacuzzi sol asolear* broncear* bloqueador protector_solar maquillar* maquillaje
        exfoliar* rasurar* depilar* hielo compresas acostar* dormir agachar* lavar* mojar* crema cremas humectante vaselina
        sobar* masaje masajear* tocar* rascar* apretar* reventar* besar fumar banar* ducha* volar avion sudar pintarme
        tenirme tomar_sol
    """,
    "careful": """
        work_out working_out workout exercise exercising gym alcohol wine makeup make_up tan tanning ice icing sauna swim
        swimming
        hot_tub wash_my_face lay_down lie_down lay_flat exfoliate shave sunscreen spf sun_exposure the_sun smoke
        my_stomach massage mascara sleep_on pick_at
        ejercicio entrenar gimnasio alcohol maquillar* maquillaje hielo asolear* sauna nadar tomar_sol acostar*
        exfoliar* rasurar* fumar
    """,
    "safe": """
        safe ok okay problem issue okey matter matters affect affects still_come still_get still_do still_have still_go
        come_in bad_idea interact interacts interfere interferes risk risky dangerous harm harmful wait reschedule stop
        should_i can_i could_i do_i is_that allowed candidate fine mix
        seguro segura problema afecta interfiere riesgo peligroso puedo debo deberia se_puede malo mala inyectar*
        hacerme contraindic* importa aun_asi tengo_que
    """,
    "normal": """
        normal abnormal expected to_be_expected typical usual unusual supposed_to common anormal esperado comun
    """,
    "isit": """
        is are was this that it isnt not should does do how es sera esto eso esta sea estara seria son era
    """,
    "worry": """
        worried worry worrying concerned concerning concern concerns freaking_out freaked_out panicking panic scared scary alarmed
        terrified frightened afraid anxious worries nervous help urgent emergency asap bothers bothering
        preocupad* asustad* preocupa miedo asusta espantad* urge urgente emergencia ayuda auxilio
    """,
    "nurse": """
        nurse nurses doctor doctors dr physician injector provider clinician np esthetician aesthetician practitioner
        medical_director medical enfermera* doctora medico medica
    """,
    "look_at": """
        asap urgent urgently right_away immediately now look_at check see_me seen someone_see have_a_look take_a_look
        call_me call call_back question urgente urgencia ya revis* vea vean llame checar cheque
    """,
    "rescue": """
        911 ambulance emergency_room the_er an_er to_er in_er urgent_care hospital hospitalized poison_control paramedics
        ambulancia urgencias emergencias hospitaliz* internad* internaron cruz_roja
    """,
    "told": """
        said says told telling thinks thought put prescribed wants recommended recommends ordered advised gave diagnosed warned
        dijo dice receto mando quiere recomendo diagnostic*
    """,
    "mydoctor": """
        my_doctor my_dr my_physician my_dermatologist my_derm my_ob my_obgyn my_gyn my_oncologist my_cardiologist
        my_surgeon my_neurologist my_pcp my_dentist my_primary my_gp my_specialist my_midwife my_endo my_rheumatologist
        dermatologist cardiologist oncologist neurologist obgyn ophthalmologist optometrist
        mi_doctor mi_doctora mi_medico mi_dermatologo* mi_ginecologo* mi_cardiologo mi_oncologo ginecolog* dermatolog*
        cardiolog* oncolog*
    """,
    "you": "you yall she he they ur your her his it tu ustedes usted ella el",
    "injured": """
        burned burnt burn hurt scarred scar cut nicked bruised injured damaged damage botched ruined messed_up screwed_up
        fucked_up jacked_up disfigured butchered wrecked messed mess_up screwed fucked jacked destroyed butcher
        quemaron quemo quemaste lastimaron lastimo lastimaste cortaron arruinaron arruino desgraciaron fregaron jodieron
        danaron madrearon marcaron dejaron dejo chingaron desfiguraron
    """,
    "me": "me myself us",
    "cannot": """
        cant cannot wont doesnt isnt barely unable couldnt hardly trouble difficulty hard harder struggling struggle
        difficult dont not no didnt stopped arent impossible painful problems lost loss
        no apenas cuesta dificil dificultad trabajo imposible dejo
    """,
    "bodily": """
        blink chew chewing pucker frown swallow swallowing breathe breathing whistle move moves moving lift raise smile
        smiling smiles close closes open opens feel bend walk stand_up pronounce lisp speak_right talk_right
        masticar mover muevo mueve tragar trago respirar sonreir cerrar abrir parpadear levantar siento siente sentir
        fruncir cierra abre levanta
    """,
    "organic": """
        blink chew chewing pucker frown swallow swallowing breathe breathing whistle walk breath
        masticar parpadear tragar respirar sonreir fruncir
    """,
    "look": """
        i_look im_looking makes_me_look made_me_look make_me_look left_me me_look i_looked i_feel i_felt im_feeling
        she_looks feel_like feels_like looks_like look_like looking_like felt_like i_am_looking he_looks looks feels
        looked my_result my_results results look it_look
        me_veo me_quedo me_quedaron me_dejaron me_siento se_ve se_ven parezco quede me_dejo se_siente sigo
    """,
    "ilook": """
        i_look im_looking makes_me_look made_me_look make_me_look left_me me_look i_looked i_feel im_feeling i_felt
        i_am_looking
        me_veo me_quedo me_dejaron me_siento parezco quede me_dejo
    """,
    "likex": """
        chipmunk balloon balloons sausage sausages monster spock fish duck clown alien zombie frankenstein stroke boxer
        punched
        beaten beat_up hit_by quasimodo joker vampire burn_victim pirate cyclops elephant pufferfish blowfish lizard tomato
        lobster raccoon platypus hamster golf_ball needles knives hot_dog grandma witch bee bees leather sandpaper bee_sting ran_over
        truck hulk
        globo monstruo salchicha* payaso tomate pato ardilla mapache pescado pez guajolote golpeada golpearon boxeador
        camaron sapo momia chayote
    """,
    "odd": """
        weird strange funny frozen crooked uneven worse horrible awful scary terrible disfigured off wrong different
        melting puffy stiff botched lopsided rough deformed swollen surprised angry bad ugly fake like_crap
        like_shit raro rara chueca chueco fea feo mal peor fatal terrible horrible deforme diferente congelad* tiesa
    """,
    "thing": """
        something somethings some_thing anything algo
    """,
    "amiss": "wrong off weird strange bad not_right isnt_right aint_right mal raro feo no_esta_bien anda_mal strange leaking stuck growing popped",
    "since": """
        since after from ever_since because_of because_of_the following desde despues tras a_causa por_culpa luego_de
    """,
    "bad": """
        worse bad wrong weird terrible horrible awful sick strange off funny never_been not_been not_felt hasnt_been
        havent_been havent_felt same myself problem problems issue issues trouble mal peor raro rara fatal problema
        problemas
    """,
    "life": """
        surgery surgeries operation biopsy root_canal dental dentist tooth vaccine vaccin* flu_shot booster covid_shot shingles_shot flu
        cold sunburn* sun_burn sunburned my_period menstruating hungover hangover newborn c_section had_a_baby gave_birth
        had_my_baby mri surgical tattoo pimple pimples zit breakout bug uti strep allergies cavity implants mammogram antibiotics stitches
        braces fasting caffeine supplements vitamins collagen creatine botulism
        cirugia operacion operaron operan operar* dentista muela vacuna vacun* gripa gripe resfriad* catarro quemada_de_sol
        regla menstruacion menstruando bebe_recien tatuaje resonancia crudo cruda periodo parto cesarea tos
    """,
    "shop": """
        price prices pricing cost costs how_much treat treats offer offers sell sells do_you_do package packages include
        included includes cover covered covers special specials deal discount credit credits good_for help_with product
        products
        recommend membership_include buy sale menu carry stock order worth use_my services service plan plans balance
        do_you_have do_yall_have you_guys_have come_with signed_up sign_up
        interested add_on upgrade promo point points redeem
        precio precios cuesta cuestan cuanto_sale ofrecen venden vende paquete incluye incluyen incluido cubre promocion
        descuento credito creditos producto productos tienen ofertas
    """,
    "billing": """
        charge charged charges charging bill billed billing bills pay paid paying pending text texts texting email emails
        refund credit credits invoice cost price prices statement payment payments debit fee fees transaction hold_on app
        link website portal wait_time hours rate dues declined card cards receipt rollover roll receipts bank balance
        autopay system login password account hacked scam fraud booking parking wifi schedule hold voicemail
        cobro cobros cobraron cobran cobren cobrar cobra pagar pago pagos tarjeta recibo factura mensaje mensajes cargo
        cargos precio creditos credito sistema aplicacion pagina saldo banco renta cuota membresia
    """,
    "half": """
        one_side left_side right_side half_my half_of_my other_side one_eye one_brow one_eyebrow one_lip one_cheek
        left_eye right_eye left_brow right_brow left_eyebrow right_eyebrow the_other one_is both_sides this_side
        un_lado de_lado lado_izquierdo lado_derecho media_cara mitad un_ojo una_ceja media_boca el_otro la_otra
        upper_lip lower_lip top_lip bottom_lip
    """,
    "onset": """
        since after from_the from_my gave_me left_me worse appeared showed_up popped_up broke_out developed developing
        came_up
        normal getting_worse wont_go still ive_got ive_had i_have i_got im_getting ive_been ago where_you going_away
        doesnt_go
        worried woke_up all_over noticed noticing giving_me go_away desde despues me_salio me_salieron tengo me_dejo
        me_dejaron me_quedo me_quedaron traigo todavia me_han sigue siguen se_me
    """,
    "joinder": "filler migrated migrating moved dissolve dissolved dissolving hyaluronidase hylenex disolver disuelvan",
}

IDEAS = """
sign
pregnant
vision
rescue
drug ! shop
illness
drug & safe
drug & sign
part ~4 wrong
place ~3 sign
half ~5 wrong
half & likex
half ~6 cannot
place >3 wrong & treated
cannot >4 bodily >4 part
part >4 cannot >3 bodily
half >4 cannot >3 bodily
cannot >2 organic
look >4 likex
ilook >3 odd & since
ilook >4 odd ! billing
you >4 injured >3 part
injured >2 part
you >3 injured >1 me
treated >3 injured >1 me
injured >1 me ~5 treated
thing >4 amiss ! billing
part >2 thing
may ~6 doing & treated
may ~6 doing & after
may ~5 careful
life & safe & treated
life & safe & visit
life & may
normal ~5 isit & treated
normal ~5 isit & part
isit >6 normal ! billing
normal & soft
worry & part ! billing
worry & treated & since ! billing
worry ~6 look ! billing
nurse ~5 look_at ! billing
mydoctor >4 told
nurse >3 told & treated
since >4 treated ~8 bad ! billing
treated ~6 bad ~6 since ! billing
soft ~6 onset ! shop
soft & safe & treated
soft ~4 part & onset
joinder ~4 treated & part
"""
