"""What a STOP comes down to in Spanish: the ideas of `compliance_ideas` and `compliance_pleas`, each with guards."""

CESEN = (
    """
    # que dejen de estar mandando; como desactivo estos mensajes; ya no me lleguen; parenle con los textos
    <cesen> <otros>* <mensajes>
    dejen|deje|deja|dejar|dejaran|dejara|paren|pare|para|parar|basta|cesen|cese|eviten|evite|stop|abstenganse|
        abstengase|parenle de|con|en|ya? ya? estar|estarme|estar_me? <molestar>
    dejen|deje|deja|dejar|paren|pare|para|parar|parenle|alto|basta|stop|bajenle con|a|de <otros>* <mensajes>
    dejar|parar|para_de|deje|dejen de recibir|recibirlos !<cosa>* $
    para|que|ya ya? no me lleguen|llegue|llegaran|manden|escriban|texteen|molesten|llamen
    para|que ya? no lleguen|llegue|llegaran|manden|escriban|texteen|molesten
    no|ya_no|nada|sin|cero|fin mas? de? <otros>* <mensajes> por|porfa|plis|gracias|a|en|para|aqui|ya|x|xfa* $
    ^ <hola>* no|ya_no|sin|cero|nada mas? de? <otros>* <mensajes> $
    <mensajes> no|ya_no|nunca mas|gracias|por $
    salir|salirme|salgo|sacarme|quitarme|zafarme de <otros>* <lista>|<mensajes>
    como|donde|quiero|puedo|deseo|forma_de|manera_de .? .? .? cancelo|paro|desactivo|quito|bloqueo|apago|detengo|
        cancelar|parar|desactivar|quitar|detener <otros>* <mensajes>
    para|de no recibir mas? <otros>* <mensajes>|esto|$
    ^ <hola>* como .? .? .? .? desuscribo|desuscribirme $
    desinscribirme|desuscribirme|desuscribirnos|desuscribo|desuscriba de|por|$
    baja|eliminacion|retiro|supresion|borrado de|del <otros>* <lista>|<numero>|<mensajes>
    sea|es el ultimo <mensajes>
    desactivenme|desactivame|desactiveme|desactiven|quitenme|quitame .? <otros>* <mensajes>
    como|donde me desuscribo de|$
    como|donde me doy_de_baja|salgo|quito|borro de|del <otros>* <lista>
    que paren|pare|ya_paren|dejen|basta .? .? $
    ya estuvo|basta|parenle|paren|parale|pare|chole <hola>* $
    ya estuvo|basta|chole .? .? de|con <mensajes>
    ^ <hola>* alto|stop|basta|paren|parenle <hola>* $
    por_favor|ya|que|porfa|plis|favor paren|pare|parenle $
    no|ya_no mas de? contacto|molestias|esto|eso|estos|nada $
    """,
    """
    no <otros>* dejen|dejes|deje|dejar|paren|pares|pare|para|parar|quiten|cancelen
    por|porque que? dejaron|pararon|dejo
    <cesen> <otros>* <cosa>
    de mi|la|el|las|los <cosa>
    suscripcion de|del|al? la|el|mi? plan|membresia|mensual|spa
    robot
    mandar|mandarme|mande|manden a|con la|el|otra|otro|una
    voy|puedo|quiero|podemos a? pagar|pasar|ir
    no|ya_no me|nos? llegan|llego|llega|llegaron|llegado|mandaron|mandan|mandado
    si me|le|yo
    """,
)

REHUSO = (
    """
    # ya no me interesa recibir; no autorizo que me contacten; no tienen permiso; prefiero que no me escriban
    <menos> me|nos|les|le|yo? <quiero> <otros>* <mensajes>|recibir
    <menos> me|nos|les|le|yo? <quiero> que|a? que me? ya? ya? <manden>|esten|este|sigan|siga|anden|usen|tengan|
        vuelvan|contacten|llamen
    <menos> me|nos? <quiero> saber nada|mas|de
    <menos> me|nos? <quiero> el uso de
    <menos> me|nos? <quiero> <otros>* contacto|comunicacion|ser_contactad|estos|estas|esas|esos $
    <menos> me|nos? <quiero> ser contactado|contactada|molestado|molestada
    <menos> me|nos? <quiero> estar|seguir en
    <menos> me|nos? <quiero> nada|sus|algo mas? de|con ustedes|su_empresa|su_spa|ahi
    <menos> quiero|deseo|necesito mas esto|de_esto|nada
    <menos> les|le? di|doy|dimos|dado|otorgue|tienen|tiene|tenian|cuentan|cuenta <otros>* permiso|autorizacion|
        consentimiento|derecho|motivo|numero|telefono|razon
    no|nunca pedi|solicite|autorice|quise|acepte|firme esto|estos|informacion
    no|sin|ningun tengo|hay|tenemos|tiene? ningun? interes en|de|por|$
    nadie .? .? quiere|pidio|solicito|necesita|pedimos|queremos .? <mensajes>|esto|eso
    mandenle|mandeselo|mandenselo|escribanle|mandalo .? .? otra|otro|otros
    no|nunca me suscribi|inscribi|apunte|registre|anote
    no hace_falta|es_necesario|hay_necesidad|tienen_que|tiene_caso|tiene_por_que|tienen_por_que|deben|deberian|pueden
        que|de|para? me? <manden>|<molestar>|escribirme|estar
    prefiero|preferiria|quisiera|gustaria|agradeceria|agradezco|agradecere|solicito|pido|suplico|ruego|exijo|quiero|
        favor|ordeno|mejor|pedirles|pedirle .? .? .? no|ya_no|nunca <otros>* <manden>|<molestar>|recibir|ser|estar
    prefiero|preferiria|quisiera|gustaria|agradeceria|agradezco|solicito|pido|suplico|ruego|exijo|quiero|favor|
        pueden|podrian|podria|puede .? .? .? dejar|dejen|dejaran|dejara|deje|parar|paren|cesen|cesar de? <otros>*
        <molestar>|<mensajes>|<manden>
    a mi no me|nos mande|manden|escriban
    """,
    """
    <menos> <quiero> .? .? .? perder|cancelar|pausar|dejar|que_me_quiten
    <cosa>
    todavia|aun|hasta|antes|despues|noche|temprano|tarde|domingo|domingos|si_no
    llamada|llamadas|llamen mejor|prefiero|solo
    robot
    cobren|cobro|cobraran
    """,
)

PROHIBO = (
    """
    # no me vuelvan a escribir; no sigan con los mensajes; ya no esten fregando; no usen mi numero
    <menos> me|nos|le|se|les? vuelvan|vuelva|vuelvas|volver|volvieran a? <molestar>|<manden>|hacerlo
    <menos> me|nos|le|les? sigan|siga|sigas|esten|este|estes|anden|ande|estarme|estar|seguir <molestar>|con|asi|
        mensajes
    <menos> me|nos|le|se|les? <manden> <otros>* <mensajes>|cosas|nada|mas|conmigo|aqui|por|a_este|a_mi|jamas|nunca|
        ya|porque|pq
    ^ <hola>* <menos> me|nos|le|les? <manden> !<ese>? !<ese>? $
    <menos> me|nos|le|les <manden> ni|o me|nos? <manden>
    nunca|jamas mas? me|nos <manden>
    ^ <hola>* <menos> sigan|siga|sigas|insistan|insista|insistas por|porfa|mas|ya|please* $
    si no dejan|paran|deja|para de <molestar>
    <menos> me|nos|le|les <manden> a|en|al|por? este|mi|ese .? $
    <menos> usen|use|guarden|compartan|comparta|tengan mi|este|ese <numero>
    <menos> enviarme|mandarme|escribirme|contactarme|llamarme|textearme|molestarme <otros>* <mensajes>|nada|mas|$
    <menos> mandar|enviar|escribir|molestar|contactar|llamar|textear <otros>* <mensajes>|nada|mas|a_este|$
    """,
    """
    todavia|aun|hasta|antes|despues|noche|temprano|tarde|domingo|domingos|sabado|sabados|trabajo_mejor|dos_veces|
        doble|repetid
    link|enlace|recibo|confirmacion|codigo|formulario|direccion
    solo|nomas|mejor|sino|entre_semana
    no|nunca <otros>* dejen|dejes|deje|paren|pare
    gustan|encantan|gusta
    me llegan|llegaron|mandaron
    """,
)

BORREN = (
    """
    # me pueden sacar de ahi; a quien mande esto: borreme; olvidense de este numero; tachen mi nombre
    <quita> <otros>* <numero>
    <quita> de|del <otros>* <lista>
    <quita> <otros>* <mensajes>
    quitenme|quitame|quiteme|quitarme|saquenme|saqueme|sacame|sacarme|borrenme|borreme|borrame|borrarme|eliminenme|
        elimineme|eliminame|eliminarme|remuevanme|retirenme|desapuntenme|desinscribanme|desuscribanme|excluyanme|
        denme_de_baja|bloqueenme a_mi|ya|por|porfa|de|favor|ahi|aqui|please|plis|gracias|porque|no* $
    que me quiten|borren|saquen|eliminen|den_de_baja|quitaran|borraran .? .? .? $
    me quitan|borran|sacan|eliminan|quitas|borras|sacas de|por|porfa|$
    olvidense|olvidate|olvidese de mi|este|que_existo
    pierdan|olviden|boten|tiren mi|este <numero>
    pongan|ponga|pongame|ponganme|marquen|marqueme .? .? no_contactar|no_molestar|no_llamar|lista_negra
    puedo|quiero|quisiera|deseo|necesito salirme|salir|quitarme|borrarme .? .? lista|grupo|esto|mensajes|aqui|ahi
    <numero> .? .? .? .? .? .? quitenlo|borrenlo|eliminenlo|quitelo|borrelo|eliminelo|saquenlo|retirenlo
    telefono|celular|numero|correo|linea .? .? .? .? .? retirenlo|quitenlo|borrenlo|saquenlo
    fuera de|del? <otros>* <lista>|<numero>
    """,
    """
    <cosa>
    tarjeta|cargo|cobro|cita
    no me? den|quiten|saquen|borren|eliminen
    actualizar|cambiar|cambio|cambie|actualicen
    """,
)

EN_PAZ = (
    """
    # dejen en paz mi telefono; vayan a molestar a otro; no frieguen; que necios
    deje|deja|dejen|dejeme|dejame|dejenme|dejenos|dejennos .? .? en_paz|tranquilo|tranquila|de_molestar|de_fregar|
        de_chingar|de_escribir
    dejenme|dejeme|dejame de? estar? <molestar>
    vayan|vayanse|vaya|ve a molestar|fregar|chingar|otro|otra
    chinguen|molesten|moleste|frieguen a otro|otra|alguien
    ya me cansaron|cansaste|hartaron|hartaste|tienen_harta|tienen_harto|tienen_hasta
    harta|harto|hartos|cansada|cansado|hasta_el_gorro|hasta_aqui .? .? .? .? .? .? no|ya|dejen|paren|borren|quiten|
        stop|basta
    a_la|al chingada|diablo|carajo con sus|con_los|sus <mensajes>
    metanse|guardense sus <mensajes>
    respeten|respete mi|mis .? privacidad|decision|tiempo|descanso|deseos
    no|ya_no|dejen_de frieguen|friegen|chinguen|jodan|fastidien|mamen .? .? .? mensajes|textos|promociones|$
    """,
    """
    gustan|encantan
    <cosa>
    """,
)

LEY = (
    """
    # retiro mi consentimiento; los voy a reportar por spam; esto es acoso
    revoco|retiro|cancelo|anulo|quito mi|el|todo <otros>* consentimiento|permiso|autorizacion|suscripcion
    acoso|hostigamiento|acosando|hostigando $
    es|esto|un acoso|hostigamiento|spam|ilegal
    los|lo|las|te voy|vamos a? a? bloquear
    los|lo|las|te voy|vamos a? a? reportar|denunciar por|si|como spam|acoso|siguen|no|molestar
    los|lo|las|te bloqueo|bloquee $
    bloquear|reportar|bloqueo|reporto este|su|el|ese numero
    ^ <hola>* bloqueado|bloqueados|reportado|reportados|bloqueada por|spam|como* $
    siguen|sigan|vuelven|vuelvan .? .? .? .? escribiendo|mandando|molestando|escribir|mandar|molestar .? .? demando|
        abogado|denuncio|reporto|demandar|policia
    demandar|demando|denunciar|denuncio|reportar|abogado|policia .? .? .? .? si me? vuelven|siguen|vuelve|sigue
    me_quitan|me_borran|paran|dejan .? .? .? .? .? demando|abogado|reporto|denuncio
    """,
    """
    <cosa>
    banco|laser
    spam encontre|carpeta|bandeja
    """,
)

OTROS = (
    """
    # ella ya no usa este numero; aqui no hay nadie con ese nombre; le escribieron a la persona equivocada
    numero|persona|contacto|telefono equivocado|equivocada|incorrecto|incorrecta|erroneo|erronea
    equivoco|equivocaron|equivocan|equivoca|equivocados|equivocado|equivocada|error de? numero|persona|contacto
    estan|esta equivocando|equivocado|equivocada|equivocados .? .? $
    se equivocaron|equivoco $
    aqui|ahi no vive|hay|es|existe|trabaja|esta nadie|ninguna|ningun|esa|ese|con|ella|la|el
    nadie con|que ese|esa|se|tiene nombre|llama
    ya_no usa|tiene|usan|es este|ese|el|su .? numero|celular|telefono|cel
    este|ese numero|celular|telefono|cel ya? no? es|era|pertenece de|a|mio
    este|ese ya? no? es|era el? de? numero|celular|telefono|cel .? .? .? $
    no soy esa|la|ella|el .? .? .? que_buscan|persona|busca
    buscan|busca|buscaban|confunden|confunde .? .? .? otra|otro|alguien
    no conozco a ninguna|ningun|esa|ese
    """,
    """
    di|puse|deje mi? numero
    tarjeta|cobro|cargo|fecha|plan
    """,
)
