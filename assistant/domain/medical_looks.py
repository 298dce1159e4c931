"""How it looks and feels, and whether it should: further kinds of words that `medical_ideas` puts together."""

LOOKS: dict[str, str] = {
    "bumps": """
        bump bumps dots divot stripes streaks stripe streak blotch blotches patch patches welt granitos
        puntitos bolita bolitas rayas rayitas
    """,
    "worsening": """
        doesnt_look_right dont_look_right looks_wrong look_wrong no_se_ve_bien
        got_worse getting_worse gotten_worse worsened worsening spreading spread_to leaking growing
        wont_heal not_healing hasnt_healed wont_go_away empeor* esta_peor se_puso_peor se_esta_extendiendo
    """,
    "stillis": "still todavia sigue siguen aun",
    "its": "its it is_it they theyre are looks is esta estan se_me",
    "turning": "turning turned turns gone going became becoming poniendo puso volviendo",
    "im": "estoy ando traigo quede amaneci im tengo somos were i_am voy_por",
    "healing": """
        red redness purple swollen puffy bumpy numb sore itchy tight dry flaky peel peeling black_and_blue
        look_like_this look_like_that be_like_this stay_like_this heal healing go_down recover recovery
        downtime settle fade last_on_my wear_off_face back_to_normal roja rojo rojas hinchada hinchados
        hinchado morada morado dormida dormido adormecida sanar bajar quitan quita deshincha desinflama
        recuperacion curar
    """,
    "tint": """
        hot warm cold pale purple blue white gray grey black red raw hard rock_hard tender yellow green dark
        weird ugly infected fria frio caliente palid* morad* negra rojo roja rojos rojas dura duro amarill*
        verde rara raro fea
    """,
    "heat": "hot warm hard raw caliente tibia duro dura smells smell smelly smelling huele apesta thick",
    "fluid": "stuff liquid fluid goop gunk drainage secretion liquido secrecion clear_fluid discharge juice",
    "exits": """
        coming_out leaking yellow yellowish white clear draining seeping smells green oozing leaks sale
        saliendo amarill* salio salir dripping
    """,
    "feel": "feel feeling felt me_siento siento sintiendo",
    "normal": "normal normals normales abnormal anormal",
    "expected": "expected typical usual unusual supposed_to common esperado comun",
    "isit": "is are was this that it isnt not should does do how es sera esto eso esta sea estara seria son era",
    "worry": """
        worried worry worrying concerned concerning concern concerns freaking_out freaked_out panicking
        panic scared scary alarmed terrified frightened afraid anxious worries nervous help urgent emergency
        asap bothers bothering preocupad* asustad* preocupa miedo asusta espantad* urge urgente emergencia
        ayuda auxilio
    """,
    "look": """
        i_look im_looking makes_me_look made_me_look make_me_look left_me me_look i_looked i_feel i_felt
        im_feeling she_looks feel_like feels_like looks_like look_like looking_like felt_like i_am_looking
        he_looks looks feels looked my_result my_results results look it_look me_veo me_quedo me_quedaron
        me_dejaron me_siento se_ve se_ven parezco quede me_dejo se_siente sigo
    """,
    "ilook": """
        i_look im_looking makes_me_look made_me_look make_me_look left_me me_look i_looked i_feel im_feeling
        i_felt i_am_looking me_veo me_quedo me_dejaron me_siento parezco quede me_dejo
    """,
    "likex": """
        chipmunk balloon balloons sausage sausages monster spock fish duck clown alien zombie frankenstein
        stroke boxer punched sunburn brick rock rocks marble marbles rubber cardboard glass sand plastic
        cement wood worm worms boil bites bite bug bugs golf_balls piedra carton plastico papel_lija lija
        beaten beat_up hit_by quasimodo joker vampire burn_victim pirate cyclops elephant pufferfish
        blowfish lizard tomato lobster raccoon platypus hamster golf_ball needles knives hot_dog grandma
        witch bee bees leather sandpaper bee_sting ran_over truck hulk globo monstruo salchicha* payaso
        tomate pato ardilla mapache pescado pez guajolote golpeada golpearon boxeador camaron sapo momia
        chayote
    """,
    "odd": """
        weird strange funny frozen crooked uneven worse horrible awful scary terrible disfigured off wrong
        different melting puffy stiff botched lopsided rough deformed swollen surprised angry bad ugly fake
        like_crap like_shit raro rara chueca chueco fea feo mal peor fatal deforme diferente congelad* tiesa
    """,
    "thing": "something somethings some_thing anything algo",
    "amiss": """
        wrong off weird strange bad not_right isnt_right aint_right mal raro feo no_esta_bien anda_mal
        leaking stuck growing popped
    """,
    "bad": """
        worse bad wrong weird terrible horrible awful sick strange off funny never_been not_been not_felt
        hasnt_been havent_been havent_felt same myself problem problems issue issues trouble mal peor raro
        rara fatal problema problemas
    """,
    "half": """
        one_side left_side right_side half_my half_of_my other_side one_eye one_brow one_eyebrow one_lip
        one_cheek left_eye right_eye left_brow right_brow left_eyebrow right_eyebrow the_other one_is
        both_sides this_side un_lado de_lado lado_izquierdo lado_derecho media_cara mitad un_ojo una_ceja
        media_boca el_otro la_otra upper_lip lower_lip top_lip bottom_lip
    """,
}
