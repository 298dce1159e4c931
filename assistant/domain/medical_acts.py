"""What is done, asked and told: further kinds of words that `medical_ideas` puts together."""

ACTS: dict[str, str] = {
    "where": """
        where_you where_u where_she where_they where_he where_yall where_i_got where_it_was where_the
        donde_me donde_fue
    """,
    "babyword": "baby bebe babies twins",
    "otw": "on_the_way otw due coming en_camino viene arrives arriving",
    "emergency": "emergency emergencia emergencies emergencias",
    "numbing": "numbing",
    "dose": """
        dose doses dosing dosis double_up draw_up draw_it_up do_i_draw units_do_i_inject inject_myself
        injecting_myself
    """,
    "orno": "or_no or_not or_nah",
    "avoid": """
        shouldnt_eat shouldnt_drink shouldnt_take avoid avoiding evitar stay_away_from not_eat stop_taking
        dejar_de
    """,
    "apply": """
        apply applying reapply reapplying moisturize moisturizing moisturise the_cream the_ointment the_gel
        the_serum aplicar aplico aplicarme la_crema
    """,
    "checked": "checked examined revisada revisado revisen checado",
    "medword": "medical medically clinical",
    "disclose": """
        forgot_to_tell forgot_to_mention should_have_told should_have_mentioned let_you_know so_you_know fyi
        just_so_yall se_me_olvido_decir olvide_decir olvide_mencionar para_que_sepan
    """,
    "duedate": "due_date fecha_de_parto",
    "isitok": """
        is_it_ok is_it_okay is_it_safe is_it_bad ok_to okay_to safe_to bad_to safe_for es_malo es_seguro
        is_it_alright
    """,
    "se_me": "se_me me_quedo me_dejaron me_quede me_dejo",
    "recently": "hechos recien hecho acabo fresh freshly",
    "sincethen": "since after ever_since because_of desde despues tras",
    "before": "before prior antes",
    "mine": "my mi mis",
    "did": """
        slept napped nap rubbed touched drank scratched bumped smoked shaved swam exercised worked_out
        bent_over laid_down headbutted hit_my hit_in squeezed popped_it popped_the laid_on rubbing wiped
        licked poked me_dormi me_acoste me_toque me_talle me_agache me_rasque me_reviente me_reventaron
        me_sobe me_rasure me_maquille me_lave me_asolee siesta me_moje me_unte me_eche me_puse_crema
        me_sonaron me_golpe* me_pegue me_pego me_cai me_exprimi me_rasgune
    """,
    "weeks": "weeks wks week months semanas meses",
    "pills": "pill pills tablet tablets",
    "ailing": """
        dont_feel_good dont_feel_well not_feeling_well not_feeling_good feel_off feeling_off feel_weird
        feel_sick feel_awful feel_horrible feel_terrible feel_like_crap feel_like_shit feeling_sick
        feeling_weird feeling_awful no_me_siento_bien me_siento_mal me_siento_fatal sick im_ill feel_ill
        so_ill been_ill fell_ill feeling_ill unwell flu stomach_bug stomach_flu food_poisoning
        under_the_weather surgery surgeries operation biopsy a_cold head_cold bad_cold bronchitis
        sinus_infection enferma enfermo enfermita gripa gripe resfriad* catarro cirugia operacion operaron
        operan operar* malita
    """,
    "howlong": """
        how_long when_will when_does when_do how_many_days how_many_weeks how_much_longer cuanto_tiempo
        cuanto_dura cuanto_tarda cuando_se cuanto_duran en_cuanto cuantos_dias how_often cada_cuanto
        how_many_times cuantas_veces
    """,
    "expecting": "expecting",
    "cared": """
        nurse_number nurses_number number_for_the_nurse precautions post_treatment pre_treatment
        post_procedure pre_procedure instructions_after get_it_wet keep_it_covered keep_it_dry keep_it_moist
        nurse_line on_call_doctor doctor_on_call medical_help medical_question medical_emergency
        medical_number emergencia_medica numero_de_emergencia emergency_number urge_un_doctor
        necesito_un_doctor this_permanent it_permanent these_permanent this_go_away it_go_away they_go_away
        these_go_away on_its_own go_away_on get_worse this_look_right it_look_right look_like_this
        supposed_to_look watch_for be_worried be_concerned looked_at looks_at_it look_at_it see_this
        look_at_this what_do_i_wash how_do_i_clean what_should_i_use_on what_can_i_use_on se_quita_solo
        se_me_va_a_quitar quedar_asi quedar_marca verme_normal no_puedo_hacer_despues evitar_antes
        evitar_despues indicaciones_de_despues indicaciones_para_despues hoja_de_cuidados
        antes_del_tratamiento debo_evitar wear_contacts wear_foundation put_on_lipstick used_too_much
        me_va_a_dar_algo me_molesta_la_luz le_pongo what_did_you_inject whats_in_the_shot afraid_to_go_out
        scared_to_go ice_or_heat hielo_o_calor
    """,
    "aftercare": """
        aftercare after_care post_care precare pre_care prep_instructions care_instructions
        instructions_for_after see_a_doctor see_a_dr see_someone go_to_the_doctor call_a_doctor
        call_my_doctor get_it_checked get_this_checked checked_out looked_at_this what_should_i_put
        what_can_i_put what_do_i_put que_me_pongo que_le_pongo que_me_puedo_poner me_pongo_hielo
        ver_a_un_doctor ir_al_doctor ir_al_medico cuidados hot_to_the_touch warm_to_the_touch
        coming_out_of_it stuff_coming
    """,
    "treated": """
        the_iv iv_drip the_drip me_inyectaron me_pincharon acido
        botox* tox filler fillers injection injections injected inject injector laser lasered peel peels
        chemical_peel microneed* micro_need* facial facials hydrafacial hydra_facial wax waxing waxed
        brazilian dysport xeomin daxxify jeuveau juvederm restylane sculptra kybella radiesse voluma prp ipl
        morpheus morpheus8 threads thread_lift coolsculpt* emsculpt shot shots needle needles iv drip
        infusion treatment treatments procedure lip_flip lip_injection* dermaplan* numbing_cream bbl halo
        fraxel units syringe vi_peel resurfacing rf lips_done face_done brows_done relleno* inyec*
        tratamiento* depilacion hilos suero procedimiento* microagujas mesoterapia hialuronico toxina sesion
        jeringa*
    """,
    "visit": "visit appointment appt session appointments cita visita sesion",
    "after": """
        after since following post before prior yet again ago yesterday today tonight tomorrow this_morning
        last_night later weeks days hours just_had just_got got_my had_my have_had got hours_after
        right_after despues antes desde tras ayer hoy anoche hace todavia aun ya manana
    """,
    "may": """
        can_he can_she
        can_i can_we could_i may_i should_i shall_i do_i am_i ok_to okay_to fine_to safe_to good_to
        alright_to bad_to allowed when_can when_could how_soon how_long_before how_long_until how_long_til
        how_long_till how_long_after how_long_do how_long_should how_long_must is_it_ok is_it_okay is_it_bad
        is_it_fine is_it_safe is_it_alright ok_if okay_if fine_if bad_if safe_if supposed_to should_we do_we
        have_to need_to should_avoid avoid i_avoid stay_away too_soon wait_to can_my can_you_still
        can_someone can_people can_anyone can_u_get can_you_get can_ppl still_can permitted may_one
        cleared_to wondering_if what_happens_if puedo podre podria podemos se_puede se_vale debo deberia
        tengo_que hay_que cuando_puedo es_malo pasa_algo esta_bien_si esta_bien_que hace_dano me_hace_dano
        es_bueno es_seguro conviene me_dejan permitido evitar
    """,
    "doing": """
        upright
        sun coffee tomar_cafe caffeine hot_bath
        eat eating compression bra deodorant champagne vape pool foundation lipstick contacts take_a_bath
        lift_weights weights spin_class spin marathon race ski skiing hike hiking dance dancing crossfit
        barre peloton bike biking rollercoaster scuba dive diving hot_shower cold_plunge red_light gua_sha
        jade_roller dermaroll* derma_roll* dermaplane face_roller washcloth loofah soap cetaphil toner
        astringent peroxide rubbing_alcohol hair_mask keratin perm brow_wax brow_tint lash_lift flakes
        pull_off run running sprint lift lifting drink drinking alcohol wine beer beers margarita* cocktail*
        tequila mimosa* vodka drinks booze exercise exercising workout workouts work_out working_out gym jog
        jogging yoga pilates swim swimming sauna steam_room hot_tub hottub jacuzzi tan tanning sunbathe
        sunbathing the_sun sun_exposure sunscreen spf makeup make_up mascara concealer exfoliate exfoliating
        shave shaving ice icing ice_pack heating_pad compress lay_down lie_down lay_flat lying_down
        laying_down lay_on lie_on bend_over sleep sleep_on my_stomach wash_my_face wash_my_hair wash_it
        get_it_wet wet lotion moisturi* vaseline aloe serum vitamin_c scrub massage_my massage_it
        massage_the rub touch touching squeeze pop popping pick_at pick_my pick_it scratch peel_it kiss
        kissing sex smoke smoking vaping weed straw blow_dry color_my_hair dye_my_hair get_my_hair shower
        showering bathe bath fly flying flight sweat spicy cbd edibles gummies put_on_it put_on_my
        tomar_alcohol cerveza* vino tragos copa copas beber ejercicio entrenar gimnasio correr nadar alberca
        piscina playa vapor sol asolear* broncear* bloqueador protector_solar maquillar* maquillaje
        exfoliar* rasurar* depilar* hielo compresas acostar* dormir agachar* lavar* mojar* crema cremas
        humectante vaselina sobar* masaje masajear* tocar* rascar* apretar* reventar* besar fumar banar*
        ducha* volar avion sudar pintarme tenirme tomar_sol picante zumba siesta besos retinol comer_picante
        acostara acostarme dormirme entrenamiento pesas bicicleta spinning maraton mar cerveza hielito
        compresa rasurarme depilarme pintarme_el_pelo teñir tenir tinte queratina put_on_them
    """,
    "careful": """
        upright
        hot_bath
        compression bra deodorant contact_lenses sunscreen_on straws my_skincare skincare_can what_skincare
        heating_pad ice_pack ice_packs compress vape hot_yoga lift_weights take_a_bath get_back_in_the_pool
        spin_class foundation lipstick contacts washcloth exfoliating dermaplane flakes banarme
        me_puede_dar_el_sol alberca avion tenirme vino copa cerveza hacer_despues work_out working_out
        workout exercise exercising gym alcohol wine makeup make_up tan tanning ice icing sauna swim
        swimming hot_tub wash_my_face lay_down lie_down lay_flat exfoliate shave sunscreen spf sun_exposure
        the_sun smoke my_stomach products_again my_skincare_again mascara sleep_on sleeping_on laying_on
        lying_on pick_at hielo pesas zumba arnica pomada ejercicio entrenar gimnasio maquillar* maquillaje
        asolear* nadar tomar_sol acostar* exfoliar* rasurar* fumar put_on_it put_on_them put_on_my me_pongo
        ponerme me_puedo_poner asolearme el_sol
    """,
    "safe": """
        recomendable recomienda recomiendan recomiendas aconsejable afectar afecta dano_hace dano bronca
        problema_si pasa_algo hay_pedo hacermelo me_lo_hago ponerme ponerselo hacerselo seguir_yendo safe ok
        okay problem issue okey matter matters affect affects still_come still_get still_do still_have
        still_go come_in bad_idea interact interacts interfere interferes risk risky dangerous harm harmful
        wait reschedule stop should_i can_i could_i do_i is_that allowed candidate fine mix seguro segura
        problema interfiere riesgo peligroso puedo debo deberia se_puede malo mala inyectar* hacerme
        contraindic* importa aun_asi tengo_que
    """,
    "nurse": """
        nurse nurses doctor doctors dr physician injector provider clinician np esthetician aesthetician
        practitioner medical_director medical enfermera* doctora medico medica
    """,
    "look_at": """
        asap urgent urgently right_away immediately now look_at check see_me seen someone_see have_a_look
        take_a_look question urgente urgencia ya revis* vea vean llame checar cheque
    """,
    "rescue": """
        911 ambulance emergency_room the_er an_er to_er in_er urgent_care hospital hospitalized
        poison_control paramedics ambulancia urgencias emergencias hospitaliz* internad* internaron
        cruz_roja
    """,
    "told": """
        said says told telling thinks thought put prescribed wants recommended recommends ordered advised
        gave diagnosed warned cleared okayed approved asked forbade manda mande mando prohibio sugirio
        dijeron dijo dice receto quiere recomendo diagnostic*
    """,
    "mydoctor": """
        my_doctor my_dr my_physician my_dermatologist my_derm my_ob my_obgyn my_gyn my_oncologist
        my_cardiologist my_surgeon my_neurologist my_pcp my_dentist my_doc my_primary my_gp my_specialist
        pharmacist my_therapist my_midwife my_endo my_rheumatologist dermatologist cardiologist oncologist
        neurologist obgyn ophthalmologist optometrist mi_doctor mi_doctora mi_medico mi_dermatologo*
        mi_ginecologo* mi_cardiologo mi_oncologo mi_ginecolog* mi_pediatra mi_dentista mi_cirujan*
        mi_cardiolog* mi_psiquiatra mi_nefrolog* mi_endocrin* la_dermatologa el_dermatologo ginecolog*
        dermatolog* cardiolog* oncolog*
    """,
    "you": "you yall she he they ur your her his it tu ustedes usted ella el",
    "injured": """
        burned burnt burn hurt scarred scar cut nicked bruised injured damaged damage botched ruined
        messed_up screwed_up fucked_up jacked_up disfigured butchered wrecked messed mess_up screwed fucked
        jacked destroyed butcher quemaron quemo quemaste lastimaron lastimo lastimaste cortaron arruinaron
        arruino desgraciaron fregaron jodieron danaron madrearon marcaron dejaron dejo chingaron
        desfiguraron
    """,
    "me": "me myself us",
    "cannot": """
        cant cannot wont doesnt isnt barely unable couldnt hardly trouble difficulty hard harder struggling
        struggle difficult dont not no didnt stopped arent impossible painful problems lost loss apenas
        cuesta dificil dificultad trabajo imposible dejo
    """,
    "bodily": """
        blink chew chewing pucker frown swallow swallowing breathe breathing whistle move moves moving lift
        raise smile smiling smiles close closes closing open opens opening lifting raising feel bend walk
        stand_up pronounce lisp speak_right talk_right masticar mover muevo mueve tragar trago respirar
        sonreir cerrar abrir parpadear levantar siento siente sentir fruncir cierra abre levanta
    """,
    "organic": """
        pronounce enunciate say_p say_b say_my_s whisper blink chew chewing pucker frown swallow swallowing
        breathe breathing whistle walk breath masticar parpadear tragar respirar sonreir fruncir
    """,
    "since": """
        since after from ever_since because_of because_of_the following desde despues tras a_causa por_culpa
        luego_de
    """,
    "life": """
        root_canal dental dentist tooth vaccine vaccin* flu_shot booster covid_shot shingles_shot sunburn*
        sun_burn sunburned my_period menstruating hungover hangover newborn c_section had_a_baby gave_birth
        had_my_baby mri surgical tattoo pimple pimples zit breakout bug uti strep allergies cavity
        colonoscopy endoscopy spray_tan self_tanner facelift rhinoplasty nose_job blepharoplasty tummy_tuck
        lipo* breast_implants implants mammogram antibiotics stitches braces fasting caffeine supplements
        vitamins collagen creatine botulism dentista muela vacuna vacun* quemada_de_sol regla menstruacion
        menstruando bebe_recien tatuaje resonancia crudo cruda periodo parto cesarea tos
    """,
    "onset": """
        since after from_the from_my gave_me left_me worse appeared showed_up popped_up broke_out developed
        developing came_up normal getting_worse wont_go still hasnt havent ive_got ive_had i_have i_got
        im_getting ive_been ago where_you going_away doesnt_go worried woke_up all_over noticed noticing
        giving_me go_away desde despues me_salio me_salieron tengo me_dejo me_dejaron me_quedo me_quedaron
        traigo todavia me_han sigue siguen se_me where_the where_they where_she where_u where_he donde_me
        donde
    """,
    "joinder": "migrat* filler_moved dissolve dissolved dissolving hyaluronidase hylenex disolver disuelvan",
}
