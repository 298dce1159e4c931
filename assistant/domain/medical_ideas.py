"""What a clinician must see, as ideas and not as sentences: which words of `medical_words` mean it together.

A line is an idea. `a ~4 b` are at most four words apart in either order, `a >4 b` in this order, `a & b` anywhere in
the message, and `a ! b` where no b is said at all.
"""

ACTS: dict[str, str] = {
    "se_me": "se_me me_quedo me_dejaron me_quede me_dejo",
    "recently": "hechos recien hecho acabo fresh freshly new",
    "praise": """
        love loved loves loving amazing great best beautiful gorgeous perfect perfection obsessed awesome fantastic smooth smoother
        soft softer glowing glowy compliments compliment fire magic magical younger fabulous wonderful pretty cute impressed
        thank_you_for thanks_for flawless radiant fresh stunning heaven good_as_new happy pleased excited better good new never_looked never_felt staring stopping cant_stop dejar_de_ver dejar_de_tocar
        nunca_se
        encant* hermos* divina preciosa precioso bonita bonito linda lindo feliz fascin* excelente espectacular gracias_por
        bella maravilla suave suavecita contenta perfect* quedo_de genial increible padrisim* padre chul* smiling laughing
    """,
    "booking": """
        book booked booking schedule appointments availability available opening openings slot slots squeeze_me fit_me done want_my want_to_do bring waitlist
        reservar agendar agenda reserva cita citas disponible disponibilidad hacerme_los hacerme_las
    """,
    "sincethen": "since after ever_since because_of desde despues tras",
    "before": "before prior antes",
    "mine": "my mi mis",
    "did": """
        slept napped nap rubbed touched drank scratched bumped smoked shaved swam exercised worked_out bent_over laid_down
        headbutted hit_my hit_in squeezed popped_it popped_the laid_on rubbing wiped licked poked me_dormi me_acoste me_toque me_talle
        me_agache me_rasque me_reviente me_reventaron me_sobe me_rasure me_maquille me_lave me_asolee siesta me_moje me_unte me_eche me_puse_crema me_sonaron me_golpe* me_pegue me_pego me_cai me_exprimi me_rasgune
    """,
    "im": "im tengo somos were i_am voy_por",
    "weeks": "weeks wks week months semanas meses",
    "late": "weeks_late weeks_behind weeks_out weeks_ago weeks_away weeks_into weeks_left months_late months_behind months_out months_ago months_away months_into months_left week_late week_ago week_out",
    "pills": "pill pills tablet tablets",
    "ailing": """
        sick im_ill feel_ill so_ill been_ill fell_ill feeling_ill unwell flu stomach_bug stomach_flu food_poisoning
        under_the_weather surgery surgeries operation biopsy a_cold head_cold bad_cold bronchitis sinus_infection enferma enfermo enfermita gripa gripe resfriad*
        catarro cirugia operacion operaron operan operar* malita
    """,
    "excuse": """
        pause pausing freeze hold reschedule rescheduling cancel move skip miss cant_come cant_make not_coming wont_make
        call_out push_back postpone cancelar pausa pausar pausen pausenme congelar congelen mover reagendar cambiar no_puedo_ir
        no_voy no_podre posponer saltar resume resuming unpause restart reanudar reactivar ready_to go_on_hold
    """,
    "healing": """
        red redness purple swollen puffy bumpy numb sore itchy tight dry flaky peel peeling black_and_blue look_like_this
        look_like_that be_like_this stay_like_this heal healing go_down recover recovery downtime settle fade last_on_my wear_off_face
        back_to_normal roja rojo rojas hinchada hinchados hinchado morada morado dormida dormido adormecida sanar bajar quitan quita deshincha desinflama recuperacion curar
    """,
    "howlong": """
        how_long when_will when_does when_do how_many_days how_many_weeks how_much_longer cuanto_tiempo cuanto_dura cuanto_tarda cuando_se
        cuanto_duran en_cuanto cuantos_dias
    """,
    "expecting": "expecting",
    "tint": """
        hot warm cold pale purple blue white gray grey black red raw hard rock_hard tender yellow green dark weird ugly infected
        fria frio caliente palid* morad* negra rojo roja rojos rojas dura duro amarill* verde rara raro fea
    """,
    "heat": "hot warm hard raw caliente tibia duro dura smells smell smelly smelling huele apesta thick",
    "fluid": "stuff liquid fluid goop gunk drainage secretion liquido secrecion clear_fluid discharge juice",
    "exits": """
        coming_out leaking yellow yellowish white clear draining seeping smells green oozing leaks sale saliendo amarill* salio salir
        dripping
    """,
    "feel": "feel feeling felt felt me_siento siento sintiendo",
    "cared": """
        aftercare after_care post_care precare pre_care prep_instructions care_instructions instructions_for_after see_a_doctor see_a_dr see_someone
        go_to_the_doctor call_a_doctor call_my_doctor get_it_checked get_this_checked checked_out looked_at_this what_should_i_put what_can_i_put what_do_i_put que_me_pongo que_le_pongo que_me_puedo_poner me_pongo_hielo ver_a_un_doctor
        ir_al_doctor ir_al_medico cuidados hot_to_the_touch warm_to_the_touch coming_out_of_it stuff_coming
    """,
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
        wash_it get_it_wet wet lotion moisturi* vaseline aloe serum vitamin_c scrub massage_my massage_it massage_the rub touch touching squeeze pop
        popping
        pick_at pick_my pick_it scratch peel_it kiss kissing sex smoke smoking vape vaping weed straw blow_dry color_my_hair
        dye_my_hair get_my_hair shower showering bathe bath fly flying flight sweat spicy cbd edibles gummies
        put_on_it put_on_my
        tomar_alcohol alcohol cerveza* vino tequila tragos copa copas beber ejercicio entrenar gimnasio gym correr nadar
        alberca
        piscina playa sauna vapor jacuzzi sol asolear* broncear* bloqueador protector_solar maquillar* maquillaje
        exfoliar* rasurar* depilar* hielo compresas acostar* dormir agachar* lavar* mojar* crema cremas humectante vaselina
        sobar* masaje masajear* tocar* rascar* apretar* reventar* besar fumar banar* ducha* volar avion sudar pintarme
        tenirme tomar_sol picante zumba siesta besos playa cremas retinol comer_picante acostara acostarme dormirme entrenamiento pesas
        bicicleta spinning crossfit maraton alberca mar vino cerveza hielito compresa rasurarme depilarme pintarme_el_pelo teñir tenir tinte queratina
        put_on_it put_on_them put_on_my
    """,
    "careful": """
        work_out working_out workout exercise exercising gym alcohol wine makeup make_up tan tanning ice icing sauna swim
        swimming
        hot_tub wash_my_face lay_down lie_down lay_flat exfoliate shave sunscreen spf sun_exposure the_sun smoke
        my_stomach mascara sleep_on pick_at
        hielo pesas zumba arnica pomada ejercicio entrenar gimnasio alcohol maquillar* maquillaje hielo asolear* sauna nadar tomar_sol acostar*
        exfoliar* rasurar* fumar
        put_on_it put_on_them put_on_my me_pongo ponerme me_puedo_poner asolearme el_sol the_sun
    """,
    "safe": """
        recomendable recomienda recomiendan recomiendas aconsejable afectar afecta dano_hace dano bronca problema_si pasa_algo hay_pedo
        hacermelo me_lo_hago ponerme ponerselo hacerselo seguir_yendo
        safe ok okay problem issue okey matter matters affect affects still_come still_get still_do still_have still_go
        come_in bad_idea interact interacts interfere interferes risk risky dangerous harm harmful wait reschedule stop
        should_i can_i could_i do_i is_that allowed candidate fine mix
        seguro segura problema afecta interfiere riesgo peligroso puedo debo deberia se_puede malo mala inyectar*
        hacerme contraindic* importa aun_asi tengo_que
    """,
    "normal": """
        normal normals normales abnormal anormal
    """,
    "expected": """
        expected typical usual unusual supposed_to common esperado comun
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
        question urgente urgencia ya revis* vea vean llame checar cheque
    """,
    "rescue": """
        911 ambulance emergency_room the_er an_er to_er in_er urgent_care hospital hospitalized poison_control paramedics
        ambulancia urgencias emergencias hospitaliz* internad* internaron cruz_roja
    """,
    "told": """
        said says told telling thinks thought put prescribed wants recommended recommends ordered advised gave diagnosed warned
        manda mande mando prohibio sugirio dijeron dijo dice receto mando quiere recomendo diagnostic*
    """,
    "mydoctor": """
        my_doctor my_dr my_physician my_dermatologist my_derm my_ob my_obgyn my_gyn my_oncologist my_cardiologist
        my_surgeon my_neurologist my_pcp my_dentist my_primary my_gp my_specialist my_midwife my_endo my_rheumatologist
        dermatologist cardiologist oncologist neurologist obgyn ophthalmologist optometrist
        mi_doctor mi_doctora mi_medico mi_dermatologo* mi_ginecologo* mi_cardiologo mi_oncologo mi_ginecolog* mi_pediatra mi_dentista mi_cirujan* mi_cardiolog* mi_psiquiatra mi_nefrolog* mi_endocrin* la_dermatologa el_dermatologo ginecolog* dermatolog*
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
        root_canal dental dentist tooth vaccine vaccin* flu_shot booster covid_shot shingles_shot
        sunburn* sun_burn sunburned my_period menstruating hungover hangover newborn c_section had_a_baby gave_birth
        had_my_baby mri surgical tattoo pimple pimples zit breakout bug uti strep allergies cavity implants mammogram antibiotics stitches
        braces fasting caffeine supplements vitamins collagen creatine botulism
        dentista muela vacuna vacun* quemada_de_sol
        regla menstruacion menstruando bebe_recien tatuaje resonancia crudo cruda periodo parto cesarea tos
    """,
    "shop": """
        price prices pricing cost costs how_much treat treats offer offers sell sells do_you_do package packages include
        included includes cover covered covers special specials deal discount credit credits good_for help_with product
        products
        recommend membership_include buy sale menu carry stock order worth use_my services service plan plans balance
        do_you_have do_yall_have you_guys_have come_with signed_up sign_up
        signup part_of interested add_on upgrade promo point points redeem
        precio precios cuesta cuestan cuanto_sale ofrecen venden vende paquete incluye incluyen incluido cubre promocion
        descuento credito creditos producto productos tienen ofertas
    """,
    "billing": """
        charge charged charges charging bill billed billing bills pay paid paying pending text texts texting email emails
        refund credit credits invoice cost price prices statement payment payments debit fee fees transaction hold_on app
        link website portal wait_time hours rate dues declined card cards receipt rollover roll receipts bank balance
        autopay system login password account hacked scam fraud booking parking wifi schedule hold voicemail
        devolver devuelvan devolucion reembolso gastos gasto cobro cobros cobraron cobran cobren cobrar cobra pagar pago pagos tarjeta recibo factura mensaje mensajes cargo
        cargos precio creditos credito sistema aplicacion pagina saldo banco renta cuota membresia
    """,
    "change": "pricey plan plans membership tier upgrade downgrade switch option options room book chair screen time location card",
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
        where_the where_they where_she where_u where_he donde_me donde
    """,
    "joinder": "migrat* filler_moved dissolve dissolved dissolving hyaluronidase hylenex disolver disuelvan",
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
half ~4 wrong ! billing shop money change
half & likex
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
may ~6 doing & treated ! billing
may ~6 doing & after ! billing booking
may ~5 careful
life & safe & treated
life & safe & visit
life & may ! excuse
ailing & safe & treated ! excuse
ailing & safe & visit ! excuse
normal ~5 isit & treated
normal ~5 isit & part
isit >6 normal ! billing shop
normal & soft
worry & part ! billing
worry & treated & since ! billing
worry ~6 look ! billing
nurse ~6 look_at ! billing
mydoctor >4 told
nurse >3 told & treated
since >4 treated ~8 bad ! billing
treated ~6 bad ~6 since ! billing
soft ~6 onset ! shop
soft & safe & treated
soft ~4 part & onset
joinder ~4 treated & part
ailing ! excuse
ailing & treated & since
ailing & may ! excuse
expecting ! billing
howlong >5 healing ! billing
cared ! billing
may ~7 soft ! shop
place ~3 tint ! shop
heat ~3 tint ! shop
fluid ~5 exits
nurse & part ! billing
isit >3 expected & part
isit >3 expected & treated
isit >3 expected & sign
mine >2 part ! praise shop billing booking
me >4 part ! praise shop billing booking
sincethen >3 treated ! praise shop billing booking
before >3 treated & may ! billing booking shop
did ~6 treated ! billing shop praise
did ~3 part
im >2 weeks & may ! late billing
im >2 weeks & visit ! late billing
pills ! billing shop
treated ~8 joinder
doing ~6 safe & treated ! billing booking
told >4 mydoctor
se_me >4 part ! billing praise booking shop
recently ~3 part & may
howlong >5 wrong & im
doing & safe & treated ! billing booking shop
careful ~3 safe ! billing booking shop
part ! praise shop billing booking money excuse2
part ~5 se_me ! billing praise
"""
