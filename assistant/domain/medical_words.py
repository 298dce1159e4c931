"""Words of the body by what they are about: what `medical_ideas` puts together.

`_` is a space inside a word, `*` any ending or, before it, any beginning. All of it is as `medical_spelling`
        leaves
what was said: lower case, no accents, no apostrophes.
"""

WORDS: dict[str, str] = {
    "sign": """
        swell* swollen swole swelled inflam* rash rashes rashy hives welt welts itch* bruis* hematoma*
        blister* ooz* pus infect* cellulitis sepsis septic staph mrsa abscess* absess necro* gangrene numb
        numbness tingl* pins_and_needles fever* nause* vomit* puking puked diarrhea dizz* woozy lightheaded
        light_headed vertigo fainted fainting passed_out passing_out blacked_out blackout migraine migraines
        headache headaches lump lumps lumpy nodule* scab scabs scabbing scabbed scabby droop* ptosis
        lopsided asymmetr* assymetr* anaphyla* seizure* seizing burning burns got_burned got_burnt
        was_burned was_burnt been_burned burned_by chills cramps cramping palpitation* wheez* hoarse throb*
        sting stings stinging stung ache aches aching achy sore soreness tender tenderness twitch* spasm*
        paralyz* paralys* drool* slur slurring slurred tremor* ringing collapsed disoriented jittery jitters
        depressed metallic tastes_like lost_feeling no_feeling stabbing zapping prickling pass_out black_out
        constipat* hair_loss misshapen pulsating drowsy groggy loopy skipped_beats falling_out in_clumps
        in_handfuls poking_out
        cyst cysts granuloma* occlusion mottl* blanch* scald* discomfort pustule* boils lightheadedness
        black_and_blue my_bp bp_was bp_is went_black queasy faint shortness_of_breath bleed* bled hemorrhag*
        hurt hurts hurting pain pains painful agony unbearable side_effect* sideeffect* complication*
        reacted reaction reactions allergic allergy allergies alergy contraindic* throwing_up threw_up
        thrown_up throw_up on_fire broke_out breaking_out broken_out raw crusty crusted weeping open_sore
        cold_sore* fever_blister* pink_eye stye conjunctivitis inhaler shaky clammy feverish concussion
        disfigur* deform* bumpy hinch* sarpull* ronch* ronchas urticaria comez* picazon moret* moraton*
        morat* cardenales ampoll* enroj* sangra* sangro sangre sangrado infec* supura* entum* adormec*
        dormid* hormigu* fiebre calentura mareo mareos maread* mareando desmay* migran* jaqueca* cefalea
        bulto bultos bolita bolitas bolas chichon chichones costra costras irrit* quemadura* quemaron
        carne_viva escozor escuec* arde arden ardor ardio ardiendo arderme duele duelen dolio dolia doliendo
        doler dolor dolores dolorcito adolorid* adolor* lastim* chueca chueco torcid* disparej* asimetr*
        calambre* temblores temblando temblorosa escalofrio* taquicardia palpitacion* me_ahogo ahogandome
        alergi* alerg* alerj* reaccion reacciones reaccione reaccionando efecto_secundario
        efectos_secundarios contraindicacion* fuegos_labiales necrosis llaga llagas verdug* granito granitos
        grano granos supur* malestar diarrea pica_mucho pican_mucho me_pica me_pican dizziness vomited barf*
        barfing hurl_my heaving retching gagging sweats night_sweats trembl* shivering convuls* delirious
        hallucinat* incoherent unresponsive unconscious collapse paranoid_since lethargic sluggish_since
        exhausted_since weak_since weakness stiffness tightness pressure_in pressure_behind pulsing
        sensitivity tingle tingles prickle* pinprick crawling_under itchiness scratchy hacking coughing
        cough congestion congested sneezing runny sinus earache toothache stomachache tummy_ache bellyache
        backache heartburn indigestion bloated bloating gassy jaundice yellowing pale_and clotting clotted
        gash laceration puncture* scrape scraped scratches skinned chafed chafing abrasion excoriat* crater
        pitting pitted necrotic blackening bluish ulcer ulcerated fissure crack_in_my split_lip chapped
        hangnail dermatitis folliculitis impetigo thrush yeast uti mastitis clogged_duct edema lymphedema
        fluid_retention hemato* contusion sprain* strain fracture* whiplash tmj bursitis tendon* hernia
        nosebleed* bloody_nose bloodshot floaters tunnel_vision photophobia squinting squint ptotic hooded
        malaise fatigue fatigued unwell anaphyl* rigors disfiguring misshap* mangled botched overfilled
        over_filled overinjected migrat_filler tyndall vascular arrythmia flutter fluttering blistery
        purging scarring_from hypertrophic burnt_skin singed seared symptom* contagious bandage* gauze crust
        heart_rate pulse_is running_a_temp a_temp temp_of temp_is my_temp temperature oxygen water_broke
        contractions in_labor shiner temp_was room_spins room_was_spinning room_is_spinning spinning
        keep_anything_down hit_a_nerve too_deep tetanus shaking skipping_beats talking_funny talking_weird
        talking_strange full_breath look_stuck
        not_felt_right havent_felt_right dont_feel_right feel_right bleeding_wont admitted_me double_dose
        missed_my_dose wrong_dose gained_weight_since overdose sunken_eyes gritty jaw_dropping melasma_got
        scar_going will_scar going_to_scar this_scar these_marks this_mark propped_up risks side_affects
        puffier the_burn a_burn burn_on burn_mark* my_burn burn_lines scratching flare flares blood bloody
        frostbite frostbitten burn_from burns_from burned_from burnt_from twisted_my threw_out_my tweaked_my
        pulled_my_back sprained strained_my
    """,
    "ache": """
        swell* inflated depressed palpitation* fainted hives anxiety chest_pain* puke vomit* gag shak* hurt
        hurts hurting pain pains painful burning burns sick bleed* bled numb sting stings stinging headache
        headaches migraine* sore faint nause* fever* heart_attack stroke chok* allergic itch* ache aches
        aching agony throb* dizz* unbearable burn* duele duelen dolio dolor dolores arde arden sangr* mareo
        maread* infarto enferm* tumor*
    """,
    "money": """
        billing policy total totals sticker_shock statement statements receipt price prices pricing bill bills
        fee fees wallet pocket
        pockets bank budget pocketbook checkbook purse dues charge charges invoice to_pay paying to_spend
        cost costs expensive money balance rate rates subscription* payment payments rent taxes finances
        financially broke refund refunds gastos gasto precio precios cuenta factura bolsillo cartera cobro
        cobros cobran cobren pagar pagarlo dinero presupuesto cuota tarifa mensualidad caro cara_la chequera
        lana chavos feria cargo cargos banco
    """,
    "pregnant": """
        trying_for_number trying_for_another trying_for_baby trying_for_our trying_for_kids pregnan* pregs
        preggo* prego preggers preg expectant breastfeed* breast_feed* breastfed lactat* postpartum
        post_partum nursing ivf in_vitro iui infertility fertility conceive conceiving ttc ovulat* miscarr*
        trying_for_a_baby try_for_a_baby having_a_baby expecting_a_baby baby_on_the_way wks_along
        positive_pregnancy first_trimester second_trimester third_trimester weeks_along months_along
        with_child the_family_way baby_is_due bun_in_the_oven knocked_up pumping_milk baby_bump embaraz*
        amamant* lactan*
        lactancia dando_pecho doy_pecho doy_el_pecho dando_el_pecho dando_de_mamar doy_de_mamar encinta
        prenada en_cinta estoy_en_estado aborto_espontaneo fecundacion inseminacion fertilidad
        esperando_un_bebe esperando_bebe espero_bebe espero_un_bebe buscando_bebe encargar_bebe
        quedar_en_estado de_encargo surrogate retrieval retrievals no_period missed_period late_period
        missed_my_period period_is_late egg_freezing embryo transfer_friday due_in_january due_in_february
        due_in_march due_in_april due_in_may due_in_june due_in_july due_in_august due_in_september
        due_in_october due_in_november due_in_december pumping lost_the_baby menopaus* perimenopaus*
        miscarriage
    """,
    "drug": """
        accutane acutane isotretinoin antibiotic* amoxicillin cipro doxycycline doxy minocycline
        azithromycin zpack z_pack keflex penicillin sulfa blood_thinner* bloodthinner* blood_thinning
        eliquis xarelto plavix coumadin warfarin heparin aspirin aspirina baby_aspirin ibuprofen ibuprofin
        advil motrin aleve tylenol acetaminophen naproxen benadryl claritin zyrtec hydrocortisone cortisone
        neosporin aquaphor bacitracin arnica bromelain medication* medicated medicine medicines meds
        prescription* prescribed steroid* prednisone antihistamine* valtrex valacyclovir acyclovir lidocaine
        hydroxychloroquine plaquenil methotrexate humira enbrel spironolactone finasteride minoxidil insulin
        chemo chemotherapy immunotherapy radiation xanax ativan valium zoloft lexapro prozac wellbutrin ssri
        antidepressant* adderall metformin levothyroxine synthroid statin statins lisinopril losartan
        birth_control hrt painkiller* pain_killer* opioid* epipen epi_pen immunosuppress* biologic tretinoin
        retin_a fish_oil vicodin percocet narcotic* hydrocodone levaquin lasix antibiotico* amoxicilina
        penicilina anticoagulante* paracetamol ibuprofeno naproxeno aspirinas antihistaminico* medicamento*
        medicacion medicina medicinas pastilla pastillas pastillita* esteroide* cortisona quimio*
        radioterapia antidepresivo* insulina metformina levotiroxina antiinflamatorio* anticonceptiv*
        receta_medica vacuna vacunas vacune isotretinoina roacutan* clonazepam pill_for omeprazole
        gabapentin tramadol amlodipine atorvastatin cymbalta buspar lamictal lithium seroquel trazodone
        ambien singulair albuterol symbicort nexium pepcid zantac zofran imitrex nurtec botulinum premarin
        estradiol progesterone testosterone clomid letrozole tamoxifen anastrozole arimidex repatha entresto
        brilinta pradaxa lovenox toradol diclofenac meloxicam celebrex flexeril skyrizi stelara otezla
        dupixent cosentyx taltz rinvoq xeljanz remicade azathioprine tacrolimus prograf cyclosporine
        cellcept dapsone bactrim clindamycin metronidazole nitrofurantoin macrobid terbinafine diflucan
        fluconazole tamiflu paxlovid ivermectin melatonin ginkgo garlic_pills turmeric st_johns vitamin_e
        omega_3 nsaid nsaids blood_pressure_meds thyroid_meds antihistamines antacid sedative muscle_relaxer
        anesthesia anesthetic lido hydroquinone latisse upneeq eye_drops nasal_spray *cillin *mycin *prazole
        *sartan *statin *olol *xaban *parin *tidine *oxetine *dipine *profen *cycline *floxacin *clovir
        *zepam *zolam *glutide *patide *gliptin *triptan *limumab *zumab *ximab *tinib ointment salve glp1
        chantix varenicline lipitor crestor norvasc toprol coreg lyrica effexor paxil celexa klonopin vyvanse
        ritalin
        concerta januvia jardiance farxiga trulicity victoza contrave viagra cialis boniva fosamax prolia
        nuvaring mirena
        iud glp_1 benzoyl peroxide dosage predisone hormone_pellet pellet pellets hormone hormones steroid_pack
    """,
    "illness": """
        *ectomy *ectomia *ostomy *itis
        hep_c hep_b hepc sickle metal_implant metal_implants implant_in titanium cancer lupus diabetes
        diabetic* epilep* pacemaker herpes hiv hepatitis autoimmune auto_immune asthma asthmatic keloid*
        shingles covid covid19 melanoma lymphoma leukemia tumor sclerosis myasthenia parkinson* hashimotos
        hashimoto thyroid hypothyroid* hyperthyroid* arrhythmia afib hypertension high_blood_pressure
        low_blood_pressure my_blood_pressure graves bypass bariatric transplant dialysis kidney* ulcer* pcos
        endometriosis hernia glaucoma lasik cpap sleep_apnea type_1 type_2 type_one type_two blood_sugar
        my_sugar sickle_cell dvt embolism neuropathy stent defibrillator metal_in plate_in positive_test
        tested_positive bloodwork blood_work mammogram diagnosed diagnosis remission medical_condition
        health_condition medical_history celiac sinusitis azucar_alta detectaron diagnosticaron blood_clot*
        blood_disorder clotting_disorder anemia anemic hemophilia fibromyalgia crohns crohn colitis
        rheumatoid arthritis immunocompromised immune_disorder immune_system impetigo ringworm strep
        influenza pneumonia vitiligo raynauds bells_palsy scleroderma kidney_disease liver_disease
        heart_condition heart_disease heart_failure heart_murmur low_iron iron_deficien* i_have_ms monkeypox
        mono lyme sjogren* have_pots have_ms with_ms marcapasos autoinmun* asma asmatic* queloide*
        hipertens* hipotens* tiroides presion_alta presion_baja hipertiroid* hipotiroid* anemi* artritis
        fibromialgia esclerosis culebrilla convulsion* tumor* embolia trombosis coagulo* neumonia cirrhosis
        osteoporosis arthrosis scoliosis migraineur polycystic narcolepsy neuralgia trigeminal vasculitis
        rosacea_flare anorexia bulimia bipolar schizophren* dementia alzheimer* guillain als huntington
        polio tuberculosis malaria dengue chickenpox measles mumps whooping_cough bronchitis copd emphysema
        sarcoid* gout lichen alopecia trichotillomania hyperhidrosis_meds porphyria albinism ehlers marfan
        raynaud* reynauds carotid aneurysm stents bypass_surgery heart_attack_last heart_issues
        heart_problem heart_problems heart_valve kidney_stones gallstones gallbladder pancreatitis hepatic
        liver_issues chronic_illness chronic_pain flare_up flareup flare_ups my_flare hypoglycemi*
        hyperglycemi* pre_diabetic prediabet* a1c immune_issue immunodeficien* concussion broken_jaw
        broken_nose brain_tumor tmj_flare vertigo_attack nerve_damage facial_palsy palsy stroke_last
        had_a_stroke tia clotted clots bleeding_disorder low_platelets platelets organ_donor
        condition_called chronic_condition
    """,
    "soft": """
        scar scars scarring scarred acne rosacea melasma redness pigment* hyperpig* hypopig* discolor*
        breakout breakouts break_out pimple pimples zit zits whitehead* blackhead* eczema psoriasis
        dermatitis puffy puffiness sunburn* ingrown* dark_spot* dark_patch* brown_spot* white_spot*
        red_spot* spots patches sensitive_skin retinol retinoid differin numbing_cream semaglutide
        sema tirz tirzepatide ozempic wegovy mounjaro zepbound saxenda phentermine dry flaky flaking peeling
        irritat*
        crusty crusting leaking uneven crooked swelling_up dent dents indent* dimple stitches root_canal
        dental_work tooth teeth vaccin* flu_shot tattoo covid_shot mole moles wart bumps bump discharge
        cicatriz cicatrices manchas mancha rojeces espinilla* barrito* pano eccema los_puntos
    """,
    "part": """
        face faces skin lip lips eye eyes eyelid eyelids lid lids eyebrow eyebrows brow brows forehead cheek
        cheeks cheekbone chin jaw jawline neck nose nostril mouth head temple temples chest breast breasts
        nipple arm arms armpit* underarm* leg legs knee thigh thighs calf stomach belly tummy tongue gums
        throat scalp ear ears earlobe hand hands finger fingers wrist elbow foot feet ankle toe butt
        bikini_area undereye undereyes under_eye under_eyes under_my_eye smile vein veins muscle muscles
        vision eyesight heart labia gland glands lymph_node* injection_site* wound wounds incision stitches
        pores hairline complexion cara carita piel labio labios ojo ojos parpado parpados ceja cejas frente
        mejilla* cachete* pomulo* menton barbilla mandibula quijada papada cuello nariz boca cabeza pecho
        seno senos brazo brazos pierna piernas rodilla estomago panza barriga lengua garganta
        cuero_cabelludo oreja* mano manos dedo dedos pie pies axila axilas ingle cuerpo_entero rostro carota
        sonrisa vista el_corazon herida heridas ojeras entrecejo eyelash eyelashes lashes lash pupil pupils
        eyeball cheekbones nostrils palate molar molars tonsils collarbone shoulder shoulders spine hip hips
        rib ribs buttock buttocks groin pelvis vagina vulva privates penis shin shins heel heels nail nails
        knuckle* palm palms forearm forearms bicep bone bones joints lung lungs bladder uterus ovary ovaries
        nerve nerves follicle follicles mustache gum skull tailbone sternum abdomen crotch crease nasolabial
        philtrum glute glutes bunion toenail fingertip* noggin kisser mug pooch knees calves ankles toes
        elbows hairs
    """,
    "place": """
        side spot area site body hair back half place sites spots areas lado zona media_cara media cuerpo
        parte marca marcas mark marks hole
    """,
    "wrong": """
        sticking_out sliding slid slipped migrated weird weirdly strange strangely funny odd oddly off wrong
        different uneven crooked heavy heavier
        tight tighter stiff stiffness hard harder rock_hard hot warm warmth cold icy red redder reddish
        purple purplish blue bluish black blackened white whitish gray grey greyish yellow yellowish green
        dark darker brown pale raw flaky peeling peeled cracked cracking split burn burns burning burned
        burnt fire flames bigger smaller higher lower dropped dropping falling fell fallen hanging hangs
        sagging saggy saggier closed shut closing stuck frozen froze dead asleep huge fat fatter giant
        gigantic enormous massive ballooned ballooning balloon bulging bulge worse worsening horrible
        terrible awful scary messed_up ruined botched wrecked screwed fucked jacked disfigured leaking
        crusty crust crusting crusted scaly bump bumps bumpy dots patches blotch* streak* stripe* dent dents
        hole indented twitching pulling watering watery tearing teary not_good look_good_at_all
        dont_look_good doesnt_look_good sensitive swelling thick drop drops droops itchy scratchy bloodshot
        goopy gooey weak weaker tired_looking paralysed limp tingly prickly blotchy spotty patchy flushed
        inflamed melting bloody bleeding squishy pimples breakout breakouts acne scar scars scarred scarring
        flare flaring jumpy racing pounding fluttering irritated not_right not_even isnt_right
        doesnt_look_right puffed puffed_up puffy oozy crawling squint squinty half_closed half_open
        half_shut changed_color discolored tugging bruised migrated spock smell smells smelly smelling rara
        raro raras raros mal mala feo fea feos killing_me de_lado horribles pesad* tiesa tieso tiesas dura
        duro duras duros caliente calientes fria frio roja rojo rojas rojos morada morado morados negra
        negro blanca blanco amarill* verde pelando pelada despellej* pela quemada quemado quemo quemando
        quema caid* cayo cayendo cerrad* cerro congelad* muert* paralizad* tes* enorme enormes gigante
        grande grandota grandes peor distint* diferente* fatal desigual* arriba abajo alta alto baja bajo
        pelad* arruin* desgraci* lastimada rajad* partid* agrietad* reseca resecos manchad* manchas ardid*
        sensible salpullido hundid* hinchad* borros* nublad* llorosos pica pican desfigurad* puchad* inchad*
        sangr* rar* colgad* colgando abre cierra mueve
    """,
    "vision": """
        blurry blurred blur blurriness double_vision seeing_double looks_double see_double spotty_vision
        vision_loss lost_vision floaters flashes_of_light tunnel_vision blind veo_borroso veo_doble
        veo_nublado vision_doble veo_mal vision_borrosa vista_borrosa vista_nublada veo_puntos veo_manchas
        seeing_two two_of_everything
    """,
}
