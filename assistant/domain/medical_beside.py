"""What a message is about where it is not about a body: praise, a visit, wares, bills."""

BESIDE: dict[str, str] = {
    "daily": """
        hand hands head heads heart hearts foot feet ear ears mouth finger fingers arm arms leg legs elbow
        elbows heel
        heels thumb nail nails lash lashes butt palm nerve nerves bone bones neck kisser mug pooch hip knee
        knees noggin
        shoulder shoulders belly stomach mano manos pie pies cabeza corazon frente vista dedo hombro hueso muela
    """,
    "late": """
        weeks_late weeks_behind weeks_out weeks_ago weeks_away weeks_into weeks_left months_late
        months_behind months_out months_ago months_away months_into months_left week_late week_ago week_out
    """,
    "business": """
        monday tuesday wednesday thursday friday saturday sunday mon tues wed thurs fri sat sun next_week
        this_week this_weekend soon need needs doing cuanto hacen hacerme whos who want wants wanna hueso
        bot human gerente manager plan membership rolled_her nails lashes lol haha hahaha jaja jajaja lmao
        begging appointment appt stomach_bug stomach_flu ready become member join journey joke funny lunes
        martes miercoles jueves viernes sabado domingo proxima quiero_hacerme quiero_ponerme quiero_las
        quiero_los quiero_el
    """,
    "venue": """
        last when_was how_long_has forms form paperwork lounge cafe lobby bathroom restroom uber ubers ride
        parking park wifi late locker towels robe slippers a_while open whats_open fill_out eat tip
    """,
    "moving": """
        reschedule rescheduling move push cancel postpone next_week instead another_day mover cambiar
        cancelar reagendar otro_dia
    """,
    "risk": "safe unsafe dangerous risky seguro peligroso arriesgado riesgoso riesgo riesgos contraindicado",
    "praise": """
        never_been_this peachy fab lovely lush brilliant chuffed smashing marvelous delighted rested refreshed
        transformed on_point slay
        over_the_moon celebrity clean butter natural relaxing divine movie_star vacation incredible love loved
        loves
        loving amazing great best beautiful gorgeous perfect perfection obsessed awesome fantastic smooth
        smoother soft softer glowing glowy compliments compliment fire magic magical younger fabulous
        wonderful pretty cute impressed thank_you_for thanks_for thanks_you flawless snatched literally
        radiant fresh stunning heaven good_as_new lifesaver like_a_baby felt_nothing happy pleased excited
        better good new cant_wait never_looked never_felt staring stopping cant_stop dejar_de_ver
        dejar_de_tocar nunca_se encant* enamorad* aman ama chula porcelana hermos* divin* preciosa precioso
        preciosas preciosos bonit* lind* feliz radiante* amo amamos adoro increible* bell* guap* contento
        espectacular* brutal* maravill* fascin* excelente espectacular gracias_por bella maravilla suave
        suavecita contenta perfect* quedo_de genial increible padrisim* padre chul* smiling laughing
    """,
    "booking": """
        book booked booking schedule appointments availability available opening openings slot slots
        squeeze_me fit_me done want_my want_to_do bring waitlist reservar agendar agenda reserva cita citas
        disponible disponibilidad hacerme_los hacerme_las
    """,
    "excuse": """
        pause pausing freeze hold reschedule rescheduling cancel move skip miss cant_come cant_make
        not_coming wont_make call_out push_back postpone cancelar pausa pausar pausen pausenme congelar
        congelen mover reagendar cambiar no_puedo_ir no_voy no_podre posponer saltar next_week instead
        raincheck rain_check another_day another_time otro_dia resume resuming unpause restart reanudar
        reactivar ready_to go_on_hold
    """,
    "shop": """
        extra add_on price prices pricing cost costs how_much treat treats offer offers sell sells do_you_do
        package packages include included includes cover covered covers special specials deal deals discount
        discounts
        coupon coupons voucher brand brands
        credit credits good_for help_with product products recommend membership_include buy sale menu carry
        stock order worth services service plan plans balance do_you_have do_yall_have you_guys_have
        come_with signed_up sign_up signup sign_me_up part_of interested upgrade promo point points redeem
        mejor_para masaje cual_es_mejor que_facial recomiendas_para precio precios cuesta cuestan
        cuanto_sale ofrecen venden vende paquete incluye incluyen incluido cubre promocion descuento credito
        creditos producto productos tienen ofertas
    """,
    "billing": """
        tarde tarden tarda tardado tardan insurance tip tipping deposit gratuity charge charged charges
        charging bill billed billing bills pay paid paying pending text texts texting email emails refund
        credit credits invoice cost price prices statement payment payments debit fee fees transaction
        hold_on app link website portal wait_time hours rate dues declined card cards receipt rollover roll
        receipts bank balance autopay system login password account hacked scam fraud booking parking wifi
        schedule hold voicemail masaje cobr* cuenta mi_plan devolver devuelvan devolucion reembolso gastos
        gasto cobro cobros cobraron cobran cobren cobrar cobra pagar pago pagos tarjeta recibo factura
        mensaje mensajes cargo cargos precio creditos credito sistema aplicacion pagina saldo banco renta
        cuota membresia
    """,
    "change": """
        pricey plan plans membership tier upgrade downgrade switch option options room book chair screen
        time location card
    """,
    "resting": "pause pausing freeze hold pausa pausar pausen pausenme congelar congelen",
    "sell": """
        sell sells selling carry price prices cost costs how_much venden vende cuesta cuanto_cuesta stock_up
        restock
    """,
}
