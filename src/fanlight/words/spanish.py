"""Spanish: visitors are addressed by *usted*."""

from __future__ import annotations

from fanlight.words.language import Language

_PAGES = {
    # the page
    "skip": "Ir a las fotos",
    "skip_door": "Ir al contenido",
    "photos": "{n} foto|{n} fotos",
    "videos": "{n} vídeo|{n} vídeos",
    "all": "Todo",
    "sections": "Partes de la galería",
    "tools": "Buscar y descargar",
    "gallery": "Fotos",
    "search": "Buscar por nombre",
    "only_mine": "Solo las mías",
    "download": "Descargar",
    "more": "Más fotos",
    "earlier": "Volver al principio",
    "nothing": "Todavía no hay nada",
    "nothing_lede": "Las fotos aparecerán aquí en cuanto estén listas.",
    "nothing_found": "Nada tiene ese nombre",
    "nothing_found_lede": "Pruebe con menos letras, o mire todas las fotos.",
    "nothing_mine": "Todavía no ha elegido nada",
    "nothing_mine_lede": "Toque el corazón de una foto y aparecerá aquí.",
    "show_all": "Ver todas las fotos",
    "loading": "Cargando más",
    "away": "Ahora no hay conexión. Lo que ve sigue aquí; se volverá a intentar sin que haga nada.",
    "try_now": "Intentar ahora",
    "photo_of": "Foto {n}, {name}",
    "video_of": "Vídeo {n}, {name}",
    "about_you": "Qué se guarda sobre usted",
    "preview": "Ve esta galería como la ven sus clientes.",
    "preview_draft": "Nadie más puede abrirla todavía.",
    # one photo
    "photo": "Foto",
    "close": "Cerrar",
    "previous": "Anterior",
    "next": "Siguiente",
    "zoom": "Ampliar",
    "info": "Sobre esta foto",
    "taken": "Tomada",
    "camera": "Cámara",
    "name": "Nombre",
    "size": "Tamaño",
    "slideshow": "Presentación",
    "pause": "Pausa",
    "paper": "Fondo claro",
    "night": "Fondo oscuro",
    "play": "Reproducir vídeo",
    "of": "{n} de {of}",
    "unseen": "Esta foto no se puede mostrar ahora mismo.",
    "all_photos": "Todas las fotos",
    "copied": "Copiado",
    # picks
    "pick": "Elegir {name}",
    "pick_this": "Elegir",
    "picked_this": "Elegida",
    "picked": "{n} elegida|{n} elegidas",
    "picked_of": "{n} elegida de {of}|{n} elegidas de {of}",
    "picks": "Su selección",
    "my_picks": "Mi selección",
    "said_picked": "{name} elegida",
    "said_unpicked": "{name} ya no está elegida",
    "lists": "Listas",
    "new_list": "Lista nueva",
    "make": "Crear",
    "note": "Nota",
    "note_hint": "Para el fotógrafo, junto con su selección.",
    "stars": "{n} estrella|{n} estrellas",
    "rating": "Estrellas",
    "flag": "Color",
    "flag_red": "Rojo",
    "flag_yellow": "Amarillo",
    "flag_green": "Verde",
    "flag_blue": "Azul",
    "flag_purple": "Morado",
    "send": "Enviar",
    "send_to": "Enviar a {studio}",
    "send_picks": "Enviar su selección",
    "send_lede": (
        "{n} foto. Una vez enviada, la lista queda cerrada.|"
        "{n} fotos. Una vez enviadas, la lista queda cerrada."
    ),
    "your_name": "Su nombre",
    "your_email": "Su correo electrónico",
    "optional": "opcional",
    "message": "Unas palabras",
    "sent": "Enviada",
    "sent_lede": (
        "Su selección está en camino. La lista ha quedado cerrada; pida que se abra si quiere "
        "cambiarla."
    ),
    "locked": "Esta lista se envió y está cerrada.",
    "limit": "Puede elegir {of}. Quite primero una y esta cabrá.",
    "limit_section": "Puede elegir {of} de cada parte. Quite primero una y esta cabrá.",
    "least": "Elija {n} más y envíela.|Elija {n} más y envíela.",
    "waiting": "Aún sin guardar: no hay conexión. Se enviará en cuanto vuelva.",
    "merged": "Esta lista también cambió en otro dispositivo. Ahora están aquí ambos cambios.",
    "elsewhere": "Seguir en otro lugar",
    "elsewhere_lede": "Este enlace lleva a su selección en cualquier dispositivo. No lo comparta.",
    "copy": "Copiar",
    "hide": "Ocultar a los invitados",
    "show": "Mostrar a los invitados",
    "hidden": "Oculta a los invitados",
    # comments
    "comments": "Comentarios",
    "no_comments": "Nadie ha dicho nada todavía.",
    "say": "Diga algo sobre ella",
    "say_it": "Comentar",
    "reply": "Responder",
    "take_back": "Eliminar",
    "guest": "Un invitado",
    # downloads
    "what": "Qué",
    "this_photo": "Esta foto",
    "this_section": "Esta parte: {name}",
    "everything": "Todo",
    "original": "Original",
    "original_hint": "Tal como salió de la cámara",
    "web_2048": "Grande",
    "web_2048_hint": "2048 píxeles, para pantallas y copias pequeñas",
    "web_1024": "Pequeña",
    "web_1024_hint": "1024 píxeles, para reenviar",
    "pin": "PIN",
    "pin_hint": "Lo recibió con el enlace.",
    "counting": "Contando",
    "plan": "{n} foto, {size}|{n} fotos, {size}",
    "one_zip": "En un solo ZIP.",
    "mobile": "Quizá esté usando datos móviles.",
    "busy": "Hay otras descargas en curso. La suya empezará sola en unos {n} s.",
    "making": "{n} de {all} ya están reducidas.",
    "wait_title": "Un momento, por favor",
    "start": "Descargar",
    "save_phone": "Guardar en este dispositivo",
    "failed": "No ha funcionado.",
    "started": "La descarga ha empezado.",
    # full pages
    "password_title": "La contraseña, por favor",
    "password": "Contraseña",
    "password_lede": "La recibió con la invitación.",
    "password_wrong": "No es esa. Cuentan las mayúsculas y los espacios.",
    "password_wait": (
        "Demasiados intentos. Espere {n} segundo y vuelva a probar.|"
        "Demasiados intentos. Espere {n} segundos y vuelva a probar."
    ),
    "enter_title": "Le han invitado",
    "enter_lede": (
        "Este enlace es para cierto número de visitantes. Al abrirlo se le cuenta una sola vez."
    ),
    "pin_title": "El PIN de las descargas",
    "pin_wrong": "No es ese. Pruebe otra vez.",
    "come_in": "Entrar",
    "remembered": "Este navegador la recuerda, solo para esta galería.",
    "not_yet": "Todavía no está abierta",
    "not_yet_lede": "Estas fotos podrán verse a partir del {when}.",
    "not_yet_soon": "Vuelva un poco más tarde.",
    "closed": "Esta galería está cerrada",
    "closed_lede": (
        "Estuvo abierta un tiempo, y ese tiempo ha pasado. Pregunte a quien le envió el enlace."
    ),
    "contact": "Ponerse en contacto",
    "lost": "Aquí no hay nada",
    "lost_lede": (
        "Puede que el enlace esté incompleto o se haya retirado. Pregunte a quien se lo envió."
    ),
    "me": "Qué se guarda sobre usted",
    "me_lede": "Solo lo necesario para su selección. Nada va a nadie más.",
    "me_nothing": "No se guarda nada sobre usted. Si elige o comenta, aparecerá aquí.",
    "me_remembered": ("Una cookie en este navegador, para no volver a pedirle la contraseña."),
    "me_did": "Anotado de sus visitas",
    "me_times": "{n} vez|{n} veces",
    "me_since": "Aquí desde el",
    "me_delete": "Eliminarlo todo",
    "me_delete_lede": (
        "Su selección, sus notas y sus comentarios desaparecen y no se pueden recuperar."
    ),
    "forget": "Olvidar aquí la contraseña",
    "forgotten": "Este navegador le ha olvidado.",
    "back": "Volver a las fotos",
    "mails_title": "No más correos",
    "mails_lede": "¿Debe olvidarse aquí {email}? Su selección y sus comentarios se quedan.",
    "mails_stop": "Olvidar mi dirección",
    "mails_stopped": "Su dirección está olvidada. Ya no le llegarán correos desde aquí.",
    "galleries": "Galerías",
    "galleries_none": "Aquí no hay nada para todo el mundo.",
}
_MAILS = {
    # an invitation, as its template comes
    "invite_subject": "Sus fotos: {gallery}",
    "invite_text": """\
Hola, {client}:

Sus fotos están listas: {gallery}.

{link}

La contraseña es: {password}
El PIN de las descargas es: {pin}
Puede verlas hasta el {closes}.

No necesita nada más, ni cuenta ni aplicación. Toque el corazón de las fotos que le gusten y envíe \
su selección desde la página.

{studio}""",
    # links
    "open": "Abrir la galería",
    "open_photo": "Ver la foto",
    "by_your_link": "Abra la galería con el enlace que recibió.",
    # to those who left their address
    "receipt_subject": "Su selección ha llegado: {gallery}",
    "receipt": (
        "Su selección de {n} foto de «{gallery}» ha llegado.|"
        "Su selección de {n} fotos de «{gallery}» ha llegado."
    ),
    "receipt_more": "La lista ha quedado cerrada. Si quiere cambiarla, responda a este correo.",
    "answer_subject": "{who} le ha respondido: {gallery}",
    "answer": "{who} ha respondido a lo que usted dijo de {photo} en «{gallery}»:",
    "closing_subject": "Solo hasta el {closes}: {gallery}",
    "closing": (
        "«{gallery}» puede verse hasta el {closes}. Véala otra vez antes de ese día y llévese lo "
        "que quiera conservar."
    ),
    "foot": "Recibe este correo porque alguien dejó esta dirección en la galería.",
    "no_more": "No más correos, olvidar mi dirección",
}
_ARCHIVES = {
    "report": "sobre esta descarga.txt",
    "all_read": "El único elemento se pudo leer.|Los {n} elementos se pudieron leer.",
    "not_read": "{n} de {all} no se pudo leer.|{n} de {all} no se pudieron leer.",
    "zeros": "En su lugar hay elementos que no contienen más que ceros:",
    "left_out": "Estos no están en este archivo:",
    "try_again": "Quizá vuelvan a estar si los descarga de nuevo.",
    "no_room": "y más: {n} líneas no cupieron aquí.",
}
_REFUSALS = {
    "internal": ("Algo ha salido mal", "Vuelva a intentarlo dentro de un momento."),
    "invalid": ("Esto no se puede entender", "Corríjalo y envíelo otra vez."),
    "invalid.comment": (
        "El comentario es demasiado largo o está vacío",
        "Cámbielo e inténtelo otra vez.",
    ),
    "invalid.email": ("Esto no es una dirección de correo", "Corríjala o déjela en blanco."),
    "invalid.message": ("El mensaje es demasiado largo", "Acórtelo un poco."),
    "invalid.name": ("Ese nombre no se puede usar", "Elija otro, de 100 letras como máximo."),
    "invalid.pick": ("La nota es demasiado larga", "Acórtela un poco."),
    "not-found": ("Aquí no hay nada", "Puede que el enlace esté incompleto o se haya retirado."),
    "not-found.item": ("Esta foto ya no está en la galería", "Mire las demás fotos."),
    "not-found.archive-contents": ("Aquí no hay nada que descargar", "Elija otra cosa."),
    "conflict": ("Ahora mismo no es posible", "Recargue la página e inténtelo otra vez."),
    "conflict.limit": (
        "El número de fotos elegidas no es el previsto",
        "Añada o quite algunas y envíela.",
    ),
    "conflict.lists": ("Ya tiene muchas listas", "Elimine una que no necesite."),
    "conflict.submitted": (
        "Esta lista ya se envió y está cerrada",
        "Pida que la abran de nuevo o empiece otra lista.",
    ),
    "conflict.version": (
        "Esta lista ha cambiado en otro dispositivo",
        "Mírela una vez más y envíela.",
    ),
    "unauthenticated": ("La página ya no le reconoce", "Recargue la página."),
    "unauthenticated.pin": ("Ese no es el PIN", "Mírelo otra vez y vuelva a probar."),
    "forbidden": ("Este enlace no lo permite", "Pregunte a quien se lo envió."),
    "forbidden.csrf": (
        "Esto lo ha enviado otro sitio",
        "Abra la propia galería e inténtelo otra vez.",
    ),
    "forbidden.used-up": (
        "Ya se han hecho todas las descargas permitidas",
        "Pregunte a quien le envió el enlace.",
    ),
    "expired": ("Este enlace ya no es válido", "Pida uno nuevo a quien se lo envió."),
    "expired.used-up": (
        "Este enlace se ha usado tantas veces como era posible",
        "Pida uno nuevo a quien se lo envió.",
    ),
    "throttled": (
        "Ha sido mucho de una vez",
        "Espere {n} segundo y vuelva a probar.|Espere {n} segundos y vuelva a probar.",
    ),
    "overloaded": (
        "Ahora mismo hay mucho que hacer",
        "Continuará por sí solo en {n} segundo.|Continuará por sí solo en unos {n} segundos.",
    ),
    "storage": (
        "Ahora mismo no se puede acceder a esto",
        "Lo que se ve sigue aquí. Vuelva a intentarlo más tarde.",
    ),
}


SPANISH = Language(
    tag="es",
    name="Español",
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    day="{day} de {month} de {year}",
    thousands=".",
    parted_from=10_000,
    pages=_PAGES,
    mails=_MAILS,
    archives=_ARCHIVES,
    refusals=_REFUSALS,
)
