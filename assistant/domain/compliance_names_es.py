"""The words of the ideas in `compliance_ideas_es`, by what they are in a Spanish plea for no more texts."""

from assistant.domain.compliance_words import LISTS

NAMES_ES = LISTS | {
    "mensajes": """
        mensaje mensajes mensajitos mensajito texto textos sms msj msjs mms spam promo promos promociones promocion
        publicidad propaganda ofertas notificaciones notificacion avisos anuncios alertas llamadas mensajeria correo
        correos email emails mails newsletter boletin boletines recordatorios comunicacion comunicaciones texts text
        messages textitos whatsapps envios contacto
    """,
    "cesen": """ dejar dejara dejaran dejen deje deja dejes cesar cesen cese pare paren parar parara pararan para
        detener detengan
        detenga suspender suspendan suspenda evitar eviten evite evitenme cancelar cancelen cancelo cancele cancela
        desactivar desactiven desactivo desactive apagar apaguen apague quitar quiten quito quite terminar terminen
        eliminar eliminen bajenle bajarle anular anulen stop alto basta cero adios fuera desconecten corten corte
        cortenle parenle parele parale acaben acabar
    """,
    "molestar": """ mandar mandarme mandando mandandome enviar enviarme enviando enviandome escribir escribirme
        escribirnos textear
        textearme texteando molestar molestarme molestarnos molestando contactar contactarme llamar llamarme
        mensajear mensajearme acosar acosarme escribiendo escribiendome llamando contactando fastidiar fastidiarme
        fastidiando insistir insistiendo fregar fregando chingar chingando joder jodiendo spamear spamearme llenar
        llenarme bombardear bombardearme hostigar hostigarme usar_mi_numero comunicarse buscarme atosigar atosigarme
        saturar marcarme estarme llegar llegarme
    """,
    "manden": """ mande manden mandes mandarme envie envien envies enviarme escriba escriban escribas escribirme
        textee texteen
        textees moleste molesten molestes molestarme contacte contacten contactes contactarme llame llamen llames
        busque busquen busques insista insistan mensajee mensajeen mensajees comunique comuniquen frieguen friegue
        chinguen lleguen llegue llegaran llenen spameen hostiguen acosen fastidien fastidie marquen atosiguen
        hagan_llegar manderan mandaran enviaran escribieran mandara enviara escribiera contactaran molestaran
        molestara texteen
    """,
    "quiero": """ quiero deseo quisiera necesito ocupo autorizo acepto consiento permito pedi pedimos solicite
        autorice inscribi
        suscribi apunte interesa interesan gusta gustan gustaria queremos quiere doy di dimos soporto aguanto
        requiero agrada agradan apetece prefiero me_suscribi me_inscribi me_apunte
    """,
    "otros": """ de con los las el la sus su tus tu estos esos este ese esta esa tantos tantas tanto todos todas todo
        me mas a ya
        que en mi un una unos mis por favor recibir seguir recibiendo estar ver tener ningun ninguna ninguno otro
        otros otra otras su_empresa molestos esas cosas estas cochinos pinches malditos dichosos benditos constantes
        nada nunca jamas sigan siga mandando llegando mandandome enviandome enviando que_me manden envien mande envie
        lleguen llegue del su_spa cada dia parte marketing comerciales publicitarios envio envios suscripcion estarme
        les favor texto recepcion entrada servicio mailing suscripcion acceso
    """,
    "hola": """ hola buenas buenos tardes dias noches por favor porfa oiga oye oigan ya y pero que si no gracias
        disculpe
        disculpen perdon mire miren senorita amiga les pido le pido pls please ok bueno pues mejor ay uf favor de
        haganme hagame el solo nomas mija nina ustedes a ver con todo respeto solicito les_ruego se te lo
    """,
    "quita": """ quita quite quiten quitar quitenme quitame quiteme quitarme saca saque saquen sacar sacame saqueme
        saquenme
        sacarme borra borre borren borrar borrame borreme borrenme borrarme borrenlo borrenla elimina elimine
        eliminen eliminar eliminame elimineme eliminenme eliminarme remueva remuevan remover remuevanme retiren
        retire retirar retirenme retireme retirarme tachen tache bajenme desapuntenme desapunten desinscribanme
        excluyanme excluir excluyan pierdan pierda olviden olvide olvidense olvidar desconecten bloqueen suelten
        quitaran borraran sacaran eliminaran quitara borrara desvinculen den_de_baja dar_de_baja de_de_baja
        dame_de_baja denme_de_baja deme_de_baja darme_de_baja doy_de_baja me_salgo salirme salgo quitarse quitenlo
        quitelo borrelo eliminenlo saquenlo
    """,
    "numero": """ numero num numerito telefono celular cel tel movil contacto correo datos informacion nombre
        direccion email mail
        linea
    """,
    "lista": """ lista listas mensajes textos sistema base registros contactos grupo chat ahi aqui alli esto eso
        difusion
        promociones notificaciones correos boletin avisos sms msjs publicidad mensajeria directorio list cadena rollo
        recordatorios computadora sus_promos promos todo
    """,
    "cosa": """ membresia membresias plan planes programa espera agenda cita citas horario pausa cobro cobros cargo
        cargos
        tarjeta pago pagos congelamiento hold facial masaje tratamiento renovacion contrato espera viernes lunes
        martes miercoles jueves sabado domingo cuenta arruga arrugas mancha manchas robot freeze foto fotos propina
    """,
    "ese": "a al la el los las un una unos mi su lo",
    "menos": "no ni sin tampoco ya_no nunca jamas",
}
