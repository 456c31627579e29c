"""Italian: visitors are addressed formally, without saying *Lei* more often than must be."""

from __future__ import annotations

from fanlight.words.language import Language

_PAGES = {
    # the page
    "skip": "Vai alle foto",
    "skip_door": "Vai al contenuto",
    "photos": "{n} foto|{n} foto",
    "videos": "{n} video|{n} video",
    "all": "Tutto",
    "sections": "Parti della galleria",
    "tools": "Cerca e scarica",
    "gallery": "Foto",
    "search": "Cerca per nome",
    "only_mine": "Solo le mie",
    "download": "Scarica",
    "more": "Altre foto",
    "earlier": "Torna all’inizio",
    "nothing": "Ancora niente da vedere",
    "nothing_lede": "Le foto appariranno qui appena saranno pronte.",
    "nothing_found": "Niente ha questo nome",
    "nothing_found_lede": "Provi con meno lettere, oppure guardi tutte le foto.",
    "nothing_mine": "Ancora nessuna scelta",
    "nothing_mine_lede": "Tocchi il cuore di una foto e la ritroverà qui.",
    "show_all": "Mostra tutte le foto",
    "loading": "Caricamento in corso",
    "away": "Connessione assente. Quello che vede rimane qui; il tentativo si ripete da solo.",
    "try_now": "Riprova ora",
    "photo_of": "Foto {n}, {name}",
    "video_of": "Video {n}, {name}",
    "about_you": "Che cosa conserviamo di Lei",
    "preview": "Vede questa galleria come i Suoi clienti.",
    "preview_draft": "Nessun altro può ancora aprirla.",
    # one photo
    "photo": "Foto",
    "close": "Chiudi",
    "previous": "Precedente",
    "next": "Successiva",
    "zoom": "Ingrandisci",
    "info": "Informazioni sulla foto",
    "taken": "Scattata",
    "camera": "Fotocamera",
    "name": "Nome",
    "size": "Dimensioni",
    "slideshow": "Presentazione",
    "pause": "Pausa",
    "paper": "Sfondo chiaro",
    "night": "Sfondo scuro",
    "play": "Riproduci il video",
    "of": "{n} di {of}",
    "unseen": "Questa foto al momento non può essere mostrata.",
    "all_photos": "Tutte le foto",
    "copied": "Copiato",
    # picks
    "pick": "Scegli {name}",
    "pick_this": "Scegli",
    "picked_this": "Scelta",
    "picked": "{n} scelta|{n} scelte",
    "picked_of": "{n} scelta di {of}|{n} scelte di {of}",
    "picks": "La Sua selezione",
    "my_picks": "La mia selezione",
    "said_picked": "{name} scelta",
    "said_unpicked": "{name} non è più scelta",
    "lists": "Liste",
    "new_list": "Nuova lista",
    "make": "Crea",
    "note": "Nota",
    "note_hint": "Per il fotografo, insieme alla selezione.",
    "stars": "{n} stella|{n} stelle",
    "rating": "Stelle",
    "flag": "Colore",
    "flag_red": "Rosso",
    "flag_yellow": "Giallo",
    "flag_green": "Verde",
    "flag_blue": "Blu",
    "flag_purple": "Viola",
    "send": "Invia",
    "send_to": "Invia a {studio}",
    "send_picks": "Invia la selezione",
    "send_lede": (
        "{n} foto. Una volta inviata, la lista viene bloccata.|"
        "{n} foto. Una volta inviata, la lista viene bloccata."
    ),
    "your_name": "Nome",
    "your_email": "E-mail",
    "optional": "facoltativo",
    "message": "Qualche parola",
    "sent": "Inviata",
    "sent_lede": (
        "La Sua selezione è in viaggio. Ora la lista è bloccata; se desidera modificarla, lo "
        "chieda."
    ),
    "locked": "Questa lista è stata inviata ed è bloccata.",
    "limit": "Può sceglierne {of}. Ne tolga prima una e ci sarà posto per questa.",
    "limit_section": (
        "Può sceglierne {of} per ogni parte. Ne tolga prima una e ci sarà posto per questa."
    ),
    "least": "Ne scelga ancora {n}, poi invii.|Ne scelga ancora {n}, poi invii.",
    "waiting": "Non ancora salvato: manca la connessione. Sarà inviato appena torna.",
    "merged": (
        "Questa lista è stata modificata anche su un altro dispositivo. Ora qui ci sono entrambe "
        "le modifiche."
    ),
    "elsewhere": "Continuare altrove",
    "elsewhere_lede": (
        "Questo link porta alla Sua selezione su qualsiasi dispositivo. Lo tenga per sé."
    ),
    "copy": "Copia",
    "hide": "Nascondi agli ospiti",
    "show": "Mostra agli ospiti",
    "hidden": "Nascosta agli ospiti",
    # comments
    "comments": "Commenti",
    "no_comments": "Nessuno ha ancora scritto nulla.",
    "say": "Scriva qualcosa",
    "say_it": "Commenta",
    "reply": "Rispondi",
    "take_back": "Elimina",
    "guest": "Un ospite",
    # downloads
    "what": "Che cosa",
    "this_photo": "Questa foto",
    "this_section": "Questa parte: {name}",
    "everything": "Tutto",
    "original": "Originale",
    "original_hint": "Come esce dalla fotocamera",
    "web_2048": "Grande",
    "web_2048_hint": "2048 pixel, per schermi e piccole stampe",
    "web_1024": "Piccola",
    "web_1024_hint": "1024 pixel, da inoltrare",
    "pin": "PIN",
    "pin_hint": "Lo ha ricevuto con il link.",
    "counting": "Conteggio in corso",
    "plan": "{n} foto, {size}|{n} foto, {size}",
    "one_zip": "In un unico file ZIP.",
    "mobile": "Forse sta usando i dati mobili.",
    "busy": "Altri stanno scaricando. Il Suo download inizierà da solo tra circa {n} s.",
    "making": "{n} di {all} sono state ridotte.",
    "wait_title": "Un momento, per favore",
    "start": "Scarica",
    "save_phone": "Salva su questo dispositivo",
    "failed": "Non ha funzionato.",
    "started": "Il download è iniziato.",
    # full pages
    "password_title": "La password, per favore",
    "password": "Password",
    "password_lede": "L’ha ricevuta con l’invito.",
    "password_wrong": "Non è quella giusta. Contano le maiuscole e gli spazi.",
    "password_wait": (
        "Troppi tentativi. Attenda {n} secondo, poi riprovi.|"
        "Troppi tentativi. Attenda {n} secondi, poi riprovi."
    ),
    "enter_title": "Un invito per Lei",
    "enter_lede": (
        "Questo link vale per un certo numero di visitatori. Aprendolo si viene contati una sola "
        "volta."
    ),
    "pin_title": "Il PIN per scaricare",
    "pin_wrong": "Non è quello giusto. Riprovi.",
    "come_in": "Entra",
    "remembered": "Questo browser la ricorda, solo per questa galleria.",
    "not_yet": "Non ancora aperta",
    "not_yet_lede": "Queste foto si potranno vedere a partire da: {when}.",
    "not_yet_soon": "Torni un po’ più tardi.",
    "closed": "Questa galleria è chiusa",
    "closed_lede": "È rimasta aperta per un po’ di tempo. Chieda a chi Le ha inviato il link.",
    "contact": "Mettersi in contatto",
    "lost": "Qui non c’è niente",
    "lost_lede": (
        "Forse il link è incompleto, oppure è stato ritirato. Chieda a chi glielo ha inviato."
    ),
    "me": "Che cosa conserviamo di Lei",
    "me_lede": "Solo ciò che serve per la Sua selezione. Niente va a nessun altro.",
    "me_nothing": "Non conserviamo nulla di Lei. Se sceglie o commenta, lo vedrà qui.",
    "me_remembered": "Un cookie in questo browser, per non chiederle di nuovo la password.",
    "me_did": "Annotato delle Sue visite",
    "me_times": "{n} volta|{n} volte",
    "me_since": "Qui dal",
    "me_delete": "Elimina tutto",
    "me_delete_lede": ("Selezione, note e commenti vengono eliminati e non si possono recuperare."),
    "forget": "Dimentica qui la password",
    "forgotten": "Questo browser non si ricorda più di Lei.",
    "back": "Torna alle foto",
    "mails_title": "Niente più e-mail",
    "mails_lede": "Dobbiamo dimenticare {email}? La selezione e i commenti restano.",
    "mails_stop": "Dimentica il mio indirizzo",
    "mails_stopped": "Il Suo indirizzo è stato dimenticato. Da qui non arriveranno più e-mail.",
    "galleries": "Gallerie",
    "galleries_none": "Qui non c’è niente di pubblico.",
}
_MAILS = {
    # an invitation, as its template comes
    "invite_subject": "Le Sue foto: {gallery}",
    "invite_text": """\
Buongiorno {client},

le Sue foto sono pronte: {gallery}.

{link}

La password è: {password}
Il PIN per scaricare è: {pin}
Può vederle fino al {closes}.

Non serve altro, né un account né un’app. Tocchi il cuore delle foto che Le piacciono e invii la \
selezione dalla pagina.

{studio}""",
    # links
    "open": "Apri la galleria",
    "open_photo": "Guarda la foto",
    "by_your_link": "Apra la galleria con il link che ha ricevuto.",
    # to those who left their address
    "receipt_subject": "La Sua selezione è arrivata: {gallery}",
    "receipt": (
        "La Sua selezione di {n} foto da «{gallery}» è arrivata.|"
        "La Sua selezione di {n} foto da «{gallery}» è arrivata."
    ),
    "receipt_more": "Ora la lista è bloccata. Se desidera modificarla, risponda a questa e-mail.",
    "answer_subject": "{who} Le ha risposto: {gallery}",
    "answer": "{who} ha risposto a ciò che ha scritto su {photo} in «{gallery}»:",
    "closing_subject": "Solo fino al {closes}: {gallery}",
    "closing": (
        "«{gallery}» si può vedere fino al {closes}. La guardi ancora una volta prima di allora e "
        "porti con sé ciò che vuole conservare."
    ),
    "foot": "Riceve questa e-mail perché questo indirizzo è stato lasciato nella galleria.",
    "no_more": "Niente più e-mail, dimentica il mio indirizzo",
}
_ARCHIVES = {
    "report": "informazioni su questo download.txt",
    "all_read": "L’unico elemento è stato letto.|Tutti i {n} elementi sono stati letti.",
    "not_read": ("{n} di {all} non è stato letto.|{n} di {all} non sono stati letti."),
    "zeros": "Al loro posto ci sono elementi che contengono solo zeri:",
    "left_out": "Questi non sono in questo archivio:",
    "try_again": "Forse ci saranno di nuovo scaricandoli un’altra volta.",
    "no_room": "e altri: per {n} righe qui non c’era posto.",
}
_REFUSALS = {
    "internal": ("Qualcosa è andato storto", "Riprovi tra un momento."),
    "invalid": ("Non è comprensibile", "Lo corregga e lo invii di nuovo."),
    "invalid.comment": ("Il commento è troppo lungo o vuoto", "Lo cambi e riprovi."),
    "invalid.email": ("Questo non è un indirizzo e-mail", "Lo corregga o lo lasci vuoto."),
    "invalid.message": ("Il messaggio è troppo lungo", "Lo accorci un po’."),
    "invalid.name": (
        "Questo nome non si può usare",
        "Ne scelga un altro, di 100 lettere al massimo.",
    ),
    "invalid.pick": ("La nota è troppo lunga", "La accorci un po’."),
    "not-found": ("Qui non c’è niente", "Forse il link è incompleto, oppure è stato ritirato."),
    "not-found.item": ("Questa foto non è più nella galleria", "Guardi le altre foto."),
    "not-found.archive-contents": ("Qui non c’è niente da scaricare", "Scelga qualcos’altro."),
    "conflict": ("Al momento non è possibile", "Ricarichi la pagina e riprovi."),
    "conflict.limit": (
        "Il numero di foto scelte non è quello richiesto",
        "Ne aggiunga o ne tolga, poi invii.",
    ),
    "conflict.lists": ("Ha già molte liste", "Ne elimini una che non serve."),
    "conflict.submitted": (
        "Questa lista è già stata inviata ed è bloccata",
        "Chieda di riaprirla o cominci un’altra lista.",
    ),
    "conflict.version": (
        "Questa lista è cambiata su un altro dispositivo",
        "La guardi ancora una volta, poi la invii.",
    ),
    "unauthenticated": ("La pagina non La riconosce più", "Ricarichi la pagina."),
    "unauthenticated.pin": ("Questo non è il PIN", "Lo controlli e riprovi."),
    "forbidden": ("Questo link non lo permette", "Chieda a chi glielo ha inviato."),
    "forbidden.csrf": (
        "Questo è stato inviato da un altro sito",
        "Apra la galleria stessa e riprovi.",
    ),
    "forbidden.used-up": (
        "I download permessi sono stati tutti fatti",
        "Chieda a chi Le ha inviato il link.",
    ),
    "expired": ("Questo link non è più valido", "Ne chieda uno nuovo a chi glielo ha inviato."),
    "expired.used-up": (
        "Questo link è stato usato tante volte quante era possibile",
        "Ne chieda uno nuovo a chi glielo ha inviato.",
    ),
    "throttled": (
        "Troppo in una volta",
        "Attenda {n} secondo, poi riprovi.|Attenda {n} secondi, poi riprovi.",
    ),
    "overloaded": (
        "In questo momento c’è molto da fare",
        "Riprende da solo tra {n} secondo.|Riprende da solo tra circa {n} secondi.",
    ),
    "storage": (
        "Al momento questo non è raggiungibile",
        "Quello che si vede rimane qui. Riprovi più tardi.",
    ),
}


ITALIAN = Language(
    tag="it",
    name="Italiano",
    months=(
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ),
    day="{day} {month} {year}",
    first="1º",
    thousands=".",
    pages=_PAGES,
    mails=_MAILS,
    archives=_ARCHIVES,
    refusals=_REFUSALS,
)
