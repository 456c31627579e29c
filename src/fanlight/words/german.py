"""German, as friends speak it: visitors are addressed by *du*."""

from __future__ import annotations

from fanlight.words.language import Language

_PAGES = {
    # the page
    "skip": "Zu den Fotos springen",
    "skip_door": "Zum Inhalt springen",
    "photos": "{n} Foto|{n} Fotos",
    "videos": "{n} Video|{n} Videos",
    "all": "Alle",
    "sections": "Teile der Galerie",
    "tools": "Suchen und herunterladen",
    "gallery": "Fotos",
    "search": "Nach Namen suchen",
    "only_mine": "Nur meine",
    "download": "Herunterladen",
    "more": "Weitere Fotos",
    "earlier": "Zum Anfang",
    "nothing": "Noch nichts da",
    "nothing_lede": "Fotos erscheinen hier, sobald sie fertig sind.",
    "nothing_found": "Nichts heißt so",
    "nothing_found_lede": "Versuche weniger Buchstaben, oder sieh alle Fotos durch.",
    "nothing_mine": "Noch nichts ausgewählt",
    "nothing_mine_lede": "Tippe auf das Herz eines Fotos, dann steht es hier.",
    "show_all": "Alle Fotos zeigen",
    "loading": "Weitere werden geladen",
    "away": "Gerade keine Verbindung. Was du siehst, bleibt da; gleich geht es weiter.",
    "try_now": "Jetzt versuchen",
    "photo_of": "Foto {n}, {name}",
    "video_of": "Video {n}, {name}",
    "about_you": "Was über dich gespeichert ist",
    "preview": "Du siehst diese Galerie wie deine Kundschaft.",
    "preview_draft": "Noch kann sie sonst niemand öffnen.",
    # one photo
    "photo": "Foto",
    "close": "Schließen",
    "previous": "Vorheriges",
    "next": "Nächstes",
    "zoom": "Vergrößern",
    "info": "Über dieses Foto",
    "taken": "Aufgenommen",
    "camera": "Kamera",
    "name": "Name",
    "size": "Größe",
    "slideshow": "Diaschau",
    "pause": "Anhalten",
    "paper": "Heller Hintergrund",
    "night": "Dunkler Hintergrund",
    "play": "Video abspielen",
    "of": "{n} von {of}",
    "unseen": "Dieses Foto lässt sich gerade nicht zeigen.",
    "all_photos": "Alle Fotos",
    "copied": "Kopiert",
    # picks
    "pick": "{name} auswählen",
    "pick_this": "Auswählen",
    "picked_this": "Ausgewählt",
    "picked": "{n} ausgewählt|{n} ausgewählt",
    "picked_of": "{n} von {of} ausgewählt|{n} von {of} ausgewählt",
    "picks": "Deine Auswahl",
    "my_picks": "Meine Auswahl",
    "said_picked": "{name} ausgewählt",
    "said_unpicked": "Nicht mehr ausgewählt: {name}",
    "lists": "Listen",
    "new_list": "Neue Liste",
    "make": "Anlegen",
    "note": "Notiz",
    "note_hint": "Für die Fotografin oder den Fotografen, beim Senden.",
    "stars": "{n} Stern|{n} Sterne",
    "rating": "Sterne",
    "flag": "Farbe",
    "flag_red": "Rot",
    "flag_yellow": "Gelb",
    "flag_green": "Grün",
    "flag_blue": "Blau",
    "flag_purple": "Lila",
    "send": "Senden",
    "send_to": "An {studio} senden",
    "send_picks": "Auswahl senden",
    "send_lede": (
        "{n} Foto. Danach ist diese Liste geschlossen.|"
        "{n} Fotos. Danach ist diese Liste geschlossen."
    ),
    "your_name": "Dein Name",
    "your_email": "Deine E-Mail",
    "optional": "freiwillig",
    "message": "Ein paar Worte",
    "sent": "Gesendet",
    "sent_lede": (
        "Deine Auswahl ist unterwegs. Diese Liste ist nun geschlossen; frag, wenn du sie noch "
        "ändern möchtest."
    ),
    "locked": "Diese Liste ist gesendet und geschlossen.",
    "limit": "Du kannst {of} auswählen. Nimm erst eines zurück, dann passt dieses.",
    "limit_section": "Du kannst {of} je Teil auswählen. Nimm erst eines zurück, dann passt dieses.",
    "least": "Noch {n}, dann kannst du senden.|Noch {n}, dann kannst du senden.",
    "waiting": "Noch nicht gesichert: keine Verbindung. Sobald eine da ist, geht es weiter.",
    "merged": "Diese Liste wurde auch auf einem anderen Gerät geändert. Beides steht nun hier.",
    "elsewhere": "Anderswo weitermachen",
    "elsewhere_lede": "Dieser Link führt auf jedem Gerät zu deiner Auswahl. Behalte ihn für dich.",
    "copy": "Kopieren",
    "hide": "Vor Gästen verbergen",
    "show": "Gästen zeigen",
    "hidden": "Vor Gästen verborgen",
    # comments
    "comments": "Kommentare",
    "no_comments": "Noch hat niemand etwas geschrieben.",
    "say": "Schreib etwas dazu",
    "say_it": "Schreiben",
    "reply": "Antworten",
    "take_back": "Löschen",
    "guest": "Gast",
    # downloads
    "what": "Was",
    "this_photo": "Dieses Foto",
    "this_section": "Dieser Teil: {name}",
    "everything": "Alles",
    "original": "Original",
    "original_hint": "Wie aus der Kamera",
    "web_2048": "Groß",
    "web_2048_hint": "2048 Pixel, für Bildschirm",
    "web_1024": "Klein",
    "web_1024_hint": "1024 Pixel, zum Verschicken",
    "pin": "PIN",
    "pin_hint": "Sie kam mit deinem Link.",
    "counting": "Wird gezählt",
    "plan": "{n} Foto, {size}|{n} Fotos, {size}",
    "one_zip": "In einer ZIP-Datei.",
    "mobile": "Vielleicht nutzt du mobile Daten.",
    "busy": "Gerade laden andere herunter. Deiner beginnt von selbst in etwa {n} s.",
    "making": "{n} von {all} sind verkleinert.",
    "wait_title": "Einen Moment, bitte",
    "start": "Herunterladen",
    "save_phone": "Auf diesem Gerät sichern",
    "failed": "Das hat nicht geklappt.",
    "started": "Der Download läuft.",
    # full pages
    "password_title": "Das Passwort, bitte",
    "password": "Passwort",
    "password_lede": "Du hast es mit der Einladung bekommen.",
    "password_wrong": "Das ist es nicht. Groß- und Kleinschreibung zählt.",
    "password_wait": "Zu viele Versuche. Warte {n} Sekunde.|Zu viele Versuche. Warte {n} Sekunden.",
    "enter_title": "Du bist eingeladen",
    "enter_lede": (
        "Dieser Link ist für eine bestimmte Zahl von Gästen. Beim Öffnen zählst du einmal."
    ),
    "pin_title": "Die PIN zum Herunterladen",
    "pin_wrong": "Das ist sie nicht. Versuch es noch einmal.",
    "come_in": "Eintreten",
    "remembered": "Dieser Browser merkt es sich, nur für diese Galerie.",
    "not_yet": "Noch nicht geöffnet",
    "not_yet_lede": "Zu sehen ab {when}.",
    "not_yet_soon": "Komm etwas später wieder.",
    "closed": "Diese Galerie ist geschlossen",
    "closed_lede": "Sie war eine Zeit lang offen. Frag, wer dir den Link geschickt hat.",
    "contact": "Kontakt aufnehmen",
    "lost": "Hier ist nichts",
    "lost_lede": (
        "Der Link ist vielleicht unvollständig oder wurde zurückgenommen. Frag, wer ihn dir "
        "geschickt hat."
    ),
    "me": "Was über dich gespeichert ist",
    "me_lede": "Nur was für deine Auswahl nötig ist. Nichts davon geht an andere.",
    "me_nothing": (
        "Über dich ist nichts gespeichert. Wenn du auswählst oder kommentierst, steht es hier."
    ),
    "me_remembered": (
        "Ein Cookie in diesem Browser, damit du nicht wieder nach dem Passwort gefragt wirst."
    ),
    "me_did": "Zu deinen Besuchen notiert",
    "me_times": "{n} Mal|{n} Mal",
    "me_since": "Seit",
    "me_delete": "Alles löschen",
    "me_delete_lede": "Auswahl, Notizen und Kommentare verschwinden und kommen nicht wieder.",
    "forget": "Passwort hier vergessen",
    "forgotten": "Dieser Browser hat dich vergessen.",
    "back": "Zurück zu den Fotos",
    "mails_title": "Keine Mails mehr",
    "mails_lede": "Soll {email} hier vergessen werden? Auswahl und Kommentare bleiben.",
    "mails_stop": "Adresse vergessen",
    "mails_stopped": "Deine Adresse ist vergessen. Von hier kommen keine Mails mehr.",
    "galleries": "Galerien",
    "galleries_none": "Hier ist nichts für alle.",
}
_MAILS = {
    # an invitation, as its template comes
    "invite_subject": "Deine Fotos: {gallery}",
    "invite_text": """\
Hallo {client}!

Deine Fotos sind fertig: {gallery}.

{link}

Das Passwort ist: {password}
Die PIN zum Herunterladen ist: {pin}
Du kannst sie bis zum {closes} ansehen.

Mehr brauchst du nicht, kein Konto und keine App. Tippe auf das Herz der Fotos, die dir gefallen, \
und sende deine Auswahl von der Seite aus.

{studio}""",
    # links
    "open": "Galerie öffnen",
    "open_photo": "Foto ansehen",
    "by_your_link": "Öffne die Galerie mit dem Link, den du bekommen hast.",
    # to those who left their address
    "receipt_subject": "Deine Auswahl ist angekommen: {gallery}",
    "receipt": (
        "Deine Auswahl von einem Foto aus „{gallery}“ ist angekommen.|"
        "Deine Auswahl von {n} Fotos aus „{gallery}“ ist angekommen."
    ),
    "receipt_more": (
        "Die Liste ist nun geschlossen. Wenn du sie ändern möchtest, antworte auf diese Mail."
    ),
    "answer_subject": "{who} hat dir geantwortet: {gallery}",
    "answer": "{who} hat geantwortet, was {photo} in „{gallery}“ angeht:",
    "closing_subject": "Nur noch bis zum {closes}: {gallery}",
    "closing": (
        "„{gallery}“ ist bis zum {closes} zu sehen. Sieh bis dahin noch einmal hinein, und nimm "
        "mit, was du behalten möchtest."
    ),
    "foot": "Du bekommst diese Mail, weil diese Adresse in der Galerie hinterlassen wurde.",
    "no_more": "Keine Mails mehr, meine Adresse vergessen",
}
_ARCHIVES = {
    "report": "Zu diesem Download.txt",
    "all_read": "Der eine Eintrag ließ sich lesen.|Alle {n} Einträge ließen sich lesen.",
    "not_read": "{n} von {all} ließ sich nicht lesen.|{n} von {all} ließen sich nicht lesen.",
    "zeros": "An ihrer Stelle stehen Einträge, die nur Nullen enthalten:",
    "left_out": "Diese sind nicht in diesem Archiv:",
    "try_again": "Vielleicht sind sie wieder da, wenn du sie noch einmal herunterlädst.",
    "no_room": "und mehr: Für {n} Zeilen war hier kein Platz.",
}
_REFUSALS = {
    "internal": ("Etwas ist schiefgegangen", "Versuch es gleich noch einmal."),
    "invalid": ("Das lässt sich nicht verstehen", "Ändere es, und sende es noch einmal."),
    "invalid.comment": (
        "Der Kommentar ist zu lang oder leer",
        "Ändere ihn, und versuch es noch einmal.",
    ),
    "invalid.email": ("Das ist keine E-Mail-Adresse", "Verbessere sie, oder lass sie weg."),
    "invalid.message": ("Die Nachricht ist zu lang", "Kürze sie ein wenig."),
    "invalid.name": ("So kann das nicht heißen", "Nimm einen anderen Namen, bis 100 Zeichen."),
    "invalid.pick": ("Die Notiz ist zu lang", "Kürze sie ein wenig."),
    "not-found": (
        "Hier ist nichts",
        "Der Link ist vielleicht unvollständig oder wurde zurückgenommen.",
    ),
    "not-found.item": (
        "Dieses Foto ist nicht mehr in der Galerie",
        "Sieh dir die anderen Fotos an.",
    ),
    "not-found.archive-contents": ("Hier gibt es nichts herunterzuladen", "Wähle etwas anderes."),
    "conflict": ("Das geht gerade nicht", "Lade die Seite neu, und versuch es noch einmal."),
    "conflict.limit": (
        "So viele sind hier nicht vorgesehen",
        "Nimm welche dazu oder zurück, dann sende.",
    ),
    "conflict.lists": ("Du hast schon viele Listen", "Lösche eine, die du nicht brauchst."),
    "conflict.submitted": (
        "Diese Liste ist schon gesendet und geschlossen",
        "Bitte darum, sie wieder zu öffnen, oder beginne eine andere.",
    ),
    "conflict.version": (
        "Diese Liste wurde auf einem anderen Gerät geändert",
        "Sieh sie noch einmal durch, dann sende sie.",
    ),
    "unauthenticated": ("Die Seite kennt dich nicht mehr", "Lade die Seite neu."),
    "unauthenticated.pin": (
        "Das ist nicht die PIN",
        "Sieh noch einmal nach, und versuch es wieder.",
    ),
    "forbidden": ("Das geht mit diesem Link nicht", "Frag, wer ihn dir geschickt hat."),
    "forbidden.csrf": (
        "Das hat eine andere Seite gesendet",
        "Öffne die Galerie selbst, und versuch es noch einmal.",
    ),
    "forbidden.used-up": (
        "Es wurde so oft heruntergeladen, wie es erlaubt war",
        "Frag, wer dir den Link geschickt hat.",
    ),
    "expired": ("Dieser Link gilt nicht mehr", "Bitte um einen neuen, wo du ihn her hast."),
    "expired.used-up": (
        "Dieser Link wurde so oft benutzt, wie es ging",
        "Bitte um einen neuen, wo du ihn her hast.",
    ),
    "throttled": (
        "Das war viel auf einmal",
        "Warte {n} Sekunde, dann geht es wieder.|Warte {n} Sekunden, dann geht es wieder.",
    ),
    "overloaded": (
        "Gerade ist viel zu tun",
        "In etwa {n} Sekunde geht es von selbst weiter.|"
        "In etwa {n} Sekunden geht es von selbst weiter.",
    ),
    "storage": (
        "Das ist gerade nicht zu erreichen",
        "Was du siehst, bleibt da. Versuch es später noch einmal.",
    ),
}


GERMAN = Language(
    tag="de",
    name="Deutsch",
    months=(
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    day="{day}. {month} {year}",
    thousands=".",
    pages=_PAGES,
    mails=_MAILS,
    archives=_ARCHIVES,
    refusals=_REFUSALS,
)
