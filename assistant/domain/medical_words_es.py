"""The same words in Spanish: of Mexico, the Caribbean and Spain."""

WORDS_ES: dict[str, str] = {
    "sign": """
        quemada quemadas vahido* pitido* zumbido* zumban zumba_el zumba_un desfigur* piedrita* pelotita*
        pelota_en longaniza* bemba jeta sarampion agruras acidez estreni* diarre* colico* retortijon*
        sudores escurr* supur* ampoll* llag* herid* cortada cortadita raspon* rasguno* rasgun* araño* moret*
        morete* chichon* chipot* verdugon* eccema* dermatitis alergi* brote brotes brote_de broto brotaron
        sofoco* asfixi* ahogo tos ronquera ronca afonic* jadeo punzad* punza punzan piquetes piquetitos
        toques calambr* entumec* entumid* tullid* paralis* espasmo* tic temblor_en tiembla tiemblan
        brinca_el_ojo brinca_el_parpado tirante* acartonad* adormil* somnolien* desorientad* alucin*
        convuls* desvaneci* colaps* insolacion deshidrat* febril mallugad* malparid* magullad* hinchadit*
        inflamadit* rojec* rozad* rozadura* excoria* escald* escam* descam* despellej* pellejo pellejos
        pellejito carne_viva sangre_viva en_sangre orzuelo* perrilla* conjuntivitis legan* lagan* fuego_en
        fuegos afta* hongos vitiligo paspad* quemadit* malestar* indigest* intoxic* envenen* sobredosis
        ictericia desgarr* esguince hemorrag* coagul* quiste* absceso* nodulo* ganglio* tumor* fistula
        necros* gangrena cuajo me_lastim* me_laceraron me_cortaron_la_piel muy_adolorida punzante lancinante
        debil temperatura jalar_aire sin_aire decaid* supurando baba_se se_me_cae_la_baba me_duermo_todo
        muy_mal malisim* presion_baja mi_periodo desmejorad* sin_fuerza* mal_del_estomago cesarea peor_cada
        cada_dia_esta no_me_ha_sanado no_sana no_cierra fatal_desde quitarme_lo me_queme me_burni*
        tocar_la_herida pulsacion* navaja
    """,
    "part": """
        ojito ojitos boquita cachetito* labiecito* orejita* manita* cabecita barriguita pancita piernita*
        bracito* naricita frentecita cejita* parpadito* pielecita carita pestan* pupila* encia* diente*
        dientes muela muelas hombro hombros espalda columna cadera caderas costilla* cintura nalga nalgas
        pompis pompi gluteo* muslo* pantorrilla* talon talones unas_de antebrazo* hueso huesos articulacion*
        coyuntura* rinon rinones higado pulmon pulmones vejiga matriz utero ovario* poros lunar lunares
        bigote bigotes oido oidos sien sienes colita pezon pezones busto papada cogote nuca empeine tobillo*
        muneca_de vena venas musculo* nervio_de tejido patas_de_gallo chichis genital* vagina vulva pubis
        perine*
    """,
    "pregnant": """
        prenada prena prenez gestacion gestante encargando tardo_la_regla no_me_baja no_me_ha_bajado
        retraso_de_regla prueba_positiva positiva_la_prueba salio_positiva esperando_nino esperando_nina
        voy_a_ser_mama bebe_en_camino viene_un_bebe mi_embarazo embarasad* enbaraz* ambaraz* encintad*
        lactand* tetando teta dando_teta doy_teta amamanto amamante ovulo ovulos transferencia_de_embriones
        perdi_a_mi_bebe perdi_al_bebe legrado cuarentena_del_parto voy_a_tener_un_bebe vamos_a_tener_un_bebe
        voy_a_tener_bebe vamos_a_tener_bebe nace_mi_bebe nacera_mi_bebe va_a_nacer dar_a_luz dare_a_luz
        doy_a_luz parir parto_en alumbramiento
    """,
    "drug": """
        pomada pomadas unguento* jarabe* inyeccion_de tableta* capsula* antiviral* antihistamin*
        antialergic* analgesic* desinflam* calmante* sedante* ansiolitic* sertralina fluoxetina tafil
        rivotril omeprazol tramadol ketorolaco diclofenaco naproxeno loratadina cetirizina prednisona
        dexametasona betametasona hidrocortisona aciclovir doxiciclina azitromicina cefalexina
        ciprofloxacino amoxicilina warfarina heparina clopidogrel rivaroxaban eutirox levotirox* arnica
        pepto aspirinita anestesia anestesic* minoxidil tretinoina hidroquinona medicamentos
        tratamiento_medico remedio* homeopat* colageno_oral agua_oxigenada merthiolate pasta_de_dientes
        sabila metformin* glifage ozempic mounjaro saxenda
    """,
    "illness": """
        azucar_en_la_sangre tengo_azucar detectar_azucar detectaron_azucar sufro_de padezco padece
        padecimiento* enfermedad* condicion_medica del_corazon de_la_presion mi_presion la_presion cardiac*
        cardiopat* soplo arritmia* varices flebitis ulcera* gastritis colitis rinon_poliquistico
        insuficiencia migranosa hepatitis cirrosis osteoporosis artrosis reuma* hernia* glaucoma cataratas
        paralisis_facial fibromas endometriosis quistes_en sinusitis bronquitis neumonia sida vih sifilis
        papiloma vph quimioterap* radiacion radiaciones trasplant* dialisis derrame_cerebral embolia infarto
        cancer* leucemia linfoma melanoma autoinmun* inmunodepr* mononucleosis dengue chikungunya zika
        varicela sarampion paperas bulimia anorexia alzheimer esquizofren* bipolar ataques_de_panico
        transfusion
    """,
    "vision": """
        veo_estrell* veo_como_estrell* estrellitas_en veo_luc* veo_luz veo_raro veo_bien_mal
        vista_cansada_desde perdi_la_vista veo_como_puntos veo_puntitos veo_sombras veo_negro deje_de_ver
        veo_todo_borroso vista_doble
    """,
    "soft": """
        barro barros barrito barritos espinilla espinillas punto_negro paños cicatric* marca_que_no estrias
        pecas lunar resequedad
    """,
    "wrong": """
        virad* viro jalad* jala jalando restirad* tirante tirantes lacer* pachuch* mora moras morao hinchao
        hinchaos hinch* hincha inflam* adormec* palid* azul azules tieso tiesos bofa bofo fofa aguad* planas
        pegad* chuec* torcid* bizc* lloros* llora lloran lagrim* abultad* bulto crecid* agrand* encog*
        dispar* brincand* salid* saliendo salio salieron abr* abier* cierra cerro cerrando punza* irrit*
        quemad* arde arden ardiendo duel* duro durita durito dura pica pican abre_igual como_globo como_sapo
        como_bemba como_longaniz* como_piedra como_tomate enterrad* inchad* morade* hund* desinfl* igual_de
        lastim* gorda gordo tremend* horrible* espantos* fei* pelon* calv* reventad* revento sec* reseca
        manchad* mancho oscur* obscur* candela prendi* viva pelada peladas inflamao sensibl* muert* dormid*
    """,
}
