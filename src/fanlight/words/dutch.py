"""Dutch: visitors are addressed by *u*."""

from __future__ import annotations

from fanlight.words.language import Language

_PAGES = {
    # the page
    "skip": "Naar de foto’s",
    "skip_door": "Naar de inhoud",
    "photos": "{n} foto|{n} foto’s",
    "videos": "{n} video|{n} video’s",
    "all": "Alles",
    "sections": "Delen van de galerij",
    "tools": "Zoeken en downloaden",
    "gallery": "Foto’s",
    "search": "Zoeken op naam",
    "only_mine": "Alleen mijn keuze",
    "download": "Downloaden",
    "more": "Meer foto’s",
    "earlier": "Naar het begin",
    "nothing": "Nog niets te zien",
    "nothing_lede": "Foto’s verschijnen hier zodra ze klaar zijn.",
    "nothing_found": "Niets heeft die naam",
    "nothing_found_lede": "Probeer minder letters, of bekijk alle foto’s.",
    "nothing_mine": "Nog niets gekozen",
    "nothing_mine_lede": "Tik op het hartje van een foto, dan staat die hier.",
    "show_all": "Alle foto’s tonen",
    "loading": "Er wordt meer geladen",
    "away": "Even geen verbinding. Wat u ziet blijft staan; er wordt vanzelf opnieuw geprobeerd.",
    "try_now": "Nu proberen",
    "photo_of": "Foto {n}, {name}",
    "video_of": "Video {n}, {name}",
    "about_you": "Wat er over u wordt bewaard",
    "preview": "U ziet deze galerij zoals uw klanten.",
    "preview_draft": "Niemand anders kan hem nog openen.",
    # one photo
    "photo": "Foto",
    "close": "Sluiten",
    "previous": "Vorige",
    "next": "Volgende",
    "zoom": "Vergroten",
    "info": "Over deze foto",
    "taken": "Gemaakt",
    "camera": "Camera",
    "name": "Naam",
    "size": "Grootte",
    "slideshow": "Diavoorstelling",
    "pause": "Pauzeren",
    "paper": "Lichte achtergrond",
    "night": "Donkere achtergrond",
    "play": "Video afspelen",
    "of": "{n} van {of}",
    "unseen": "Deze foto kan nu niet worden getoond.",
    "all_photos": "Alle foto’s",
    "copied": "Gekopieerd",
    # picks
    "pick": "{name} kiezen",
    "pick_this": "Kiezen",
    "picked_this": "Gekozen",
    "picked": "{n} gekozen|{n} gekozen",
    "picked_of": "{n} van {of} gekozen|{n} van {of} gekozen",
    "picks": "Uw selectie",
    "my_picks": "Mijn selectie",
    "said_picked": "{name} gekozen",
    "said_unpicked": "Niet meer gekozen: {name}",
    "lists": "Lijsten",
    "new_list": "Nieuwe lijst",
    "make": "Maken",
    "note": "Notitie",
    "note_hint": "Voor de fotograaf, samen met uw selectie.",
    "stars": "{n} ster|{n} sterren",
    "rating": "Sterren",
    "flag": "Kleur",
    "flag_red": "Rood",
    "flag_yellow": "Geel",
    "flag_green": "Groen",
    "flag_blue": "Blauw",
    "flag_purple": "Paars",
    "send": "Versturen",
    "send_to": "Naar {studio} sturen",
    "send_picks": "Uw selectie versturen",
    "send_lede": (
        "{n} foto. Na het versturen is deze lijst vergrendeld.|"
        "{n} foto’s. Na het versturen is deze lijst vergrendeld."
    ),
    "your_name": "Uw naam",
    "your_email": "Uw e-mailadres",
    "optional": "niet verplicht",
    "message": "Een paar woorden",
    "sent": "Verstuurd",
    "sent_lede": (
        "Uw selectie is onderweg. Deze lijst is nu vergrendeld; vraag erom als u hem wilt wijzigen."
    ),
    "locked": "Deze lijst is verstuurd en vergrendeld.",
    "limit": "U mag er {of} kiezen. Haal er eerst een weg, dan past deze.",
    "limit_section": "U mag er {of} per deel kiezen. Haal er eerst een weg, dan past deze.",
    "least": "Kies er nog {n} en verstuur dan.|Kies er nog {n} en verstuur dan.",
    "waiting": "Nog niet bewaard: geen verbinding. Zodra die er is, wordt het verstuurd.",
    "merged": (
        "Deze lijst is ook op een ander apparaat gewijzigd. Beide wijzigingen staan nu hier."
    ),
    "elsewhere": "Elders verdergaan",
    "elsewhere_lede": "Deze link leidt op elk apparaat naar uw selectie. Houd hem voor uzelf.",
    "copy": "Kopiëren",
    "hide": "Voor gasten verbergen",
    "show": "Aan gasten tonen",
    "hidden": "Voor gasten verborgen",
    # comments
    "comments": "Opmerkingen",
    "no_comments": "Nog niemand heeft iets gezegd.",
    "say": "Zeg er iets over",
    "say_it": "Plaatsen",
    "reply": "Antwoorden",
    "take_back": "Verwijderen",
    "guest": "Gast",
    # downloads
    "what": "Wat",
    "this_photo": "Deze foto",
    "this_section": "Dit deel: {name}",
    "everything": "Alles",
    "original": "Origineel",
    "original_hint": "Zoals de camera hem maakte",
    "web_2048": "Groot",
    "web_2048_hint": "2048 pixels, voor schermen en kleine afdrukken",
    "web_1024": "Klein",
    "web_1024_hint": "1024 pixels, om door te sturen",
    "pin": "Pincode",
    "pin_hint": "U kreeg hem bij de link.",
    "counting": "Er wordt geteld",
    "plan": "{n} foto, {size}|{n} foto’s, {size}",
    "one_zip": "In één ZIP-bestand.",
    "mobile": "Misschien gebruikt u mobiele data.",
    "busy": "Er wordt nu door anderen gedownload. Uw download begint vanzelf over ongeveer {n} s.",
    "making": "{n} van {all} zijn verkleind.",
    "wait_title": "Een ogenblik alstublieft",
    "start": "Downloaden",
    "save_phone": "Op dit apparaat bewaren",
    "failed": "Dat is niet gelukt.",
    "started": "Het downloaden is begonnen.",
    # full pages
    "password_title": "Het wachtwoord, alstublieft",
    "password": "Wachtwoord",
    "password_lede": "U kreeg het bij de uitnodiging.",
    "password_wrong": "Dat is het niet. Hoofdletters en spaties tellen mee.",
    "password_wait": (
        "Te veel pogingen. Wacht {n} seconde en probeer het opnieuw.|"
        "Te veel pogingen. Wacht {n} seconden en probeer het opnieuw."
    ),
    "enter_title": "U bent uitgenodigd",
    "enter_lede": (
        "Deze link is voor een bepaald aantal bezoekers. Bij het openen wordt u één keer geteld."
    ),
    "pin_title": "De pincode om te downloaden",
    "pin_wrong": "Dat is hem niet. Probeer het nog eens.",
    "come_in": "Binnenkomen",
    "remembered": "Deze browser onthoudt het, alleen voor deze galerij.",
    "not_yet": "Nog niet open",
    "not_yet_lede": "Deze foto’s zijn te zien vanaf {when}.",
    "not_yet_soon": "Kom iets later terug.",
    "closed": "Deze galerij is gesloten",
    "closed_lede": "Hij was een tijd open, en die is voorbij. Vraag wie u de link heeft gestuurd.",
    "contact": "Contact opnemen",
    "lost": "Hier is niets",
    "lost_lede": (
        "De link is misschien onvolledig of is ingetrokken. Vraag wie hem u heeft gestuurd."
    ),
    "me": "Wat er over u wordt bewaard",
    "me_lede": "Alleen wat nodig is voor uw selectie. Niets ervan gaat naar iemand anders.",
    "me_nothing": (
        "Er wordt niets over u bewaard. Kiest u iets of plaatst u een opmerking, dan staat dat "
        "hier."
    ),
    "me_remembered": (
        "Een cookie in deze browser, zodat u niet opnieuw naar het wachtwoord wordt gevraagd."
    ),
    "me_did": "Genoteerd van uw bezoeken",
    "me_times": "{n} keer|{n} keer",
    "me_since": "Hier sinds",
    "me_delete": "Alles verwijderen",
    "me_delete_lede": ("Uw selectie, notities en opmerkingen verdwijnen en komen niet terug."),
    "forget": "Wachtwoord hier vergeten",
    "forgotten": "Deze browser is u vergeten.",
    "back": "Terug naar de foto’s",
    "mails_title": "Geen mails meer",
    "mails_lede": "Moet {email} hier worden vergeten? Uw selectie en opmerkingen blijven.",
    "mails_stop": "Mijn adres vergeten",
    "mails_stopped": "Uw adres is vergeten. Van hier komen er geen mails meer.",
    "galleries": "Galerijen",
    "galleries_none": "Hier is niets voor iedereen.",
}
_MAILS = {
    # an invitation, as its template comes
    "invite_subject": "Uw foto’s: {gallery}",
    "invite_text": """\
Beste {client},

Uw foto’s zijn klaar: {gallery}.

{link}

Het wachtwoord is: {password}
De pincode om te downloaden is: {pin}
U kunt ze bekijken tot en met {closes}.

Meer hebt u niet nodig, geen account en geen app. Tik op het hartje van de foto’s die u mooi vindt \
en verstuur uw selectie vanaf de pagina.

{studio}""",
    # links
    "open": "De galerij openen",
    "open_photo": "De foto bekijken",
    "by_your_link": "Open de galerij met de link die u kreeg.",
    # to those who left their address
    "receipt_subject": "Uw selectie is aangekomen: {gallery}",
    "receipt": (
        "Uw selectie van {n} foto uit “{gallery}” is aangekomen.|"
        "Uw selectie van {n} foto’s uit “{gallery}” is aangekomen."
    ),
    "receipt_more": "De lijst is nu vergrendeld. Wilt u hem wijzigen, beantwoord dan deze mail.",
    "answer_subject": "{who} heeft u geantwoord: {gallery}",
    "answer": "{who} heeft geantwoord op wat u over {photo} in “{gallery}” zei:",
    "closing_subject": "Alleen nog tot en met {closes}: {gallery}",
    "closing": (
        "“{gallery}” is te zien tot en met {closes}. Kijk voor die tijd nog eens, en neem mee wat "
        "u wilt bewaren."
    ),
    "foot": "U krijgt deze mail omdat dit adres in de galerij is achtergelaten.",
    "no_more": "Geen mails meer, mijn adres vergeten",
}
_ARCHIVES = {
    "report": "over deze download.txt",
    "all_read": "Het ene item kon worden gelezen.|Alle {n} items konden worden gelezen.",
    "not_read": (
        "{n} van {all} kon niet worden gelezen.|{n} van {all} konden niet worden gelezen."
    ),
    "zeros": "In plaats daarvan staan er items met niets dan nullen:",
    "left_out": "Deze staan niet in dit archief:",
    "try_again": "Misschien zijn ze er weer als u ze opnieuw downloadt.",
    "no_room": "en meer: voor {n} regels was hier geen plaats.",
}
_REFUSALS = {
    "internal": ("Er ging iets mis", "Probeer het over een ogenblik opnieuw."),
    "invalid": ("Dit is niet te begrijpen", "Verbeter het en verstuur het opnieuw."),
    "invalid.comment": ("De opmerking is te lang of leeg", "Pas hem aan en probeer het opnieuw."),
    "invalid.email": ("Dit is geen e-mailadres", "Verbeter het of laat het weg."),
    "invalid.message": ("Het bericht is te lang", "Maak het wat korter."),
    "invalid.name": (
        "Deze naam kan niet worden gebruikt",
        "Kies een andere, van hoogstens 100 letters.",
    ),
    "invalid.pick": ("De notitie is te lang", "Maak hem wat korter."),
    "not-found": ("Hier is niets", "De link is misschien onvolledig of is ingetrokken."),
    "not-found.item": ("Deze foto is niet meer in de galerij", "Bekijk de andere foto’s."),
    "not-found.archive-contents": ("Hier is niets te downloaden", "Kies iets anders."),
    "conflict": ("Dat gaat nu niet", "Laad de pagina opnieuw en probeer het nog eens."),
    "conflict.limit": (
        "Het aantal gekozen foto’s klopt niet",
        "Kies er een paar bij of haal er een paar weg en verstuur dan.",
    ),
    "conflict.lists": ("U hebt al veel lijsten", "Verwijder er een die u niet nodig hebt."),
    "conflict.submitted": (
        "Deze lijst is al verstuurd en vergrendeld",
        "Vraag om hem weer te openen of begin een andere lijst.",
    ),
    "conflict.version": (
        "Deze lijst is op een ander apparaat gewijzigd",
        "Bekijk hem nog eens en verstuur hem dan.",
    ),
    "unauthenticated": ("De pagina herkent u niet meer", "Laad de pagina opnieuw."),
    "unauthenticated.pin": ("Dat is de pincode niet", "Kijk nog eens en probeer het opnieuw."),
    "forbidden": ("Met deze link kan dat niet", "Vraag wie hem u heeft gestuurd."),
    "forbidden.csrf": (
        "Een andere site heeft dit gestuurd",
        "Open de galerij zelf en probeer het opnieuw.",
    ),
    "forbidden.used-up": (
        "Er is zo vaak gedownload als mocht",
        "Vraag wie u de link heeft gestuurd.",
    ),
    "expired": ("Deze link is niet meer geldig", "Vraag een nieuwe aan wie hem u heeft gestuurd."),
    "expired.used-up": (
        "Deze link is zo vaak gebruikt als mocht",
        "Vraag een nieuwe aan wie hem u heeft gestuurd.",
    ),
    "throttled": (
        "Dat was veel in één keer",
        "Wacht {n} seconde en probeer het opnieuw.|Wacht {n} seconden en probeer het opnieuw.",
    ),
    "overloaded": (
        "Er is nu veel te doen",
        "Het gaat vanzelf verder over {n} seconde.|Het gaat vanzelf verder over {n} seconden.",
    ),
    "storage": (
        "Dit is nu niet bereikbaar",
        "Wat u ziet blijft staan. Probeer het later opnieuw.",
    ),
}


DUTCH = Language(
    tag="nl",
    name="Nederlands",
    months=(
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    day="{day} {month} {year}",
    thousands=".",
    pages=_PAGES,
    mails=_MAILS,
    archives=_ARCHIVES,
    refusals=_REFUSALS,
)
