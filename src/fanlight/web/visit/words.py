"""The words of visitors' pages, in each language there are words for.

One table for templates and script: the page hands the script what it needs of it. A word with
two forms, for one and for many, has them parted by `|`; `{n}` is the count.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGLISH = "en"

_TABLE: dict[str, tuple[str, str]] = {
    # the page
    "skip": ("Skip to the photos", "Zu den Fotos springen"),
    "skip_door": ("Skip to the content", "Zum Inhalt springen"),
    "photos": ("{n} photo|{n} photos", "{n} Foto|{n} Fotos"),
    "videos": ("{n} video|{n} videos", "{n} Video|{n} Videos"),
    "all": ("All", "Alle"),
    "sections": ("Parts of this gallery", "Teile der Galerie"),
    "tools": ("Search and download", "Suchen und herunterladen"),
    "gallery": ("Photos", "Fotos"),
    "search": ("Search by name", "Nach Namen suchen"),
    "only_mine": ("Only mine", "Nur meine"),
    "download": ("Download", "Herunterladen"),
    "more": ("More photos", "Weitere Fotos"),
    "earlier": ("To the beginning", "Zum Anfang"),
    "nothing": ("Nothing here yet", "Noch nichts da"),
    "nothing_lede": (
        "Photos appear here as soon as they are ready.",
        "Fotos erscheinen hier, sobald sie fertig sind.",
    ),
    "nothing_found": ("Nothing has that name", "Nichts heißt so"),
    "nothing_found_lede": (
        "Try fewer letters, or look through all photos.",
        "Versuche weniger Buchstaben, oder sieh alle Fotos durch.",
    ),
    "nothing_mine": ("Nothing picked yet", "Noch nichts ausgewählt"),
    "nothing_mine_lede": (
        "Touch the heart on a photo, and it comes here.",
        "Tippe auf das Herz eines Fotos, dann steht es hier.",
    ),
    "show_all": ("Show all photos", "Alle Fotos zeigen"),
    "loading": ("Loading more", "Weitere werden geladen"),
    "away": (
        "No connection just now. What you see is still here; trying again by itself.",
        "Gerade keine Verbindung. Was du siehst, bleibt da; gleich geht es weiter.",
    ),
    "try_now": ("Try now", "Jetzt versuchen"),
    "photo_of": ("Photo {n}, {name}", "Foto {n}, {name}"),
    "video_of": ("Video {n}, {name}", "Video {n}, {name}"),
    "about_you": ("What is kept about you", "Was über dich gespeichert ist"),
    "preview": (
        "You see this gallery as your clients do.",
        "Du siehst diese Galerie wie deine Kundschaft.",
    ),
    "preview_draft": (
        "Nobody else can open it yet.",
        "Noch kann sie sonst niemand öffnen.",
    ),
    # one photo
    "photo": ("Photo", "Foto"),
    "close": ("Close", "Schließen"),
    "previous": ("Previous", "Vorheriges"),
    "next": ("Next", "Nächstes"),
    "zoom": ("Zoom", "Vergrößern"),
    "info": ("About this photo", "Über dieses Foto"),
    "taken": ("Taken", "Aufgenommen"),
    "camera": ("Camera", "Kamera"),
    "name": ("Name", "Name"),
    "size": ("Size", "Größe"),
    "slideshow": ("Slideshow", "Diaschau"),
    "pause": ("Pause", "Anhalten"),
    "paper": ("Light background", "Heller Hintergrund"),
    "night": ("Dark background", "Dunkler Hintergrund"),
    "play": ("Play video", "Video abspielen"),
    "of": ("{n} of {of}", "{n} von {of}"),
    "unseen": (
        "This photo cannot be shown right now.",
        "Dieses Foto lässt sich gerade nicht zeigen.",
    ),
    "all_photos": ("All photos", "Alle Fotos"),
    "copied": ("Copied", "Kopiert"),
    # picks
    "pick": ("Pick {name}", "{name} auswählen"),
    "pick_this": ("Pick", "Auswählen"),
    "picked_this": ("Picked", "Ausgewählt"),
    "picked": ("{n} picked", "{n} ausgewählt"),
    "picked_of": ("{n} of {of} picked", "{n} von {of} ausgewählt"),
    "picks": ("Your picks", "Deine Auswahl"),
    "my_picks": ("My picks", "Meine Auswahl"),
    "said_picked": ("Picked {name}", "{name} ausgewählt"),
    "said_unpicked": ("No longer picked: {name}", "Nicht mehr ausgewählt: {name}"),
    "lists": ("Lists", "Listen"),
    "new_list": ("New list", "Neue Liste"),
    "make": ("Make it", "Anlegen"),
    "note": ("Note", "Notiz"),
    "note_hint": (
        "For the photographer, as you send your picks.",
        "Für die Fotografin oder den Fotografen, beim Senden.",
    ),
    "stars": ("{n} star|{n} stars", "{n} Stern|{n} Sterne"),
    "flag_red": ("Red", "Rot"),
    "flag_yellow": ("Yellow", "Gelb"),
    "flag_green": ("Green", "Grün"),
    "flag_blue": ("Blue", "Blau"),
    "flag_purple": ("Purple", "Lila"),
    "send": ("Send", "Senden"),
    "send_to": ("Send to {studio}", "An {studio} senden"),
    "send_picks": ("Send your picks", "Auswahl senden"),
    "send_lede": (
        "{n} photo. Once it is sent, this list is locked.|"
        "{n} photos. Once they are sent, this list is locked.",
        "{n} Foto. Danach ist diese Liste geschlossen.|"
        "{n} Fotos. Danach ist diese Liste geschlossen.",
    ),
    "your_name": ("Your name", "Dein Name"),
    "your_email": ("Your e-mail", "Deine E-Mail"),
    "optional": ("optional", "freiwillig"),
    "message": ("A few words", "Ein paar Worte"),
    "sent": ("Sent", "Gesendet"),
    "sent_lede": (
        "Your picks are on their way. This list is locked now; ask if you want to change it.",
        "Deine Auswahl ist unterwegs. Diese Liste ist nun geschlossen; frag, wenn du sie noch "
        "ändern möchtest.",
    ),
    "locked": (
        "This list was sent, and is locked.",
        "Diese Liste ist gesendet und geschlossen.",
    ),
    "limit": (
        "You may pick {of}. Take one back first, and this one fits.",
        "Du kannst {of} auswählen. Nimm erst eines zurück, dann passt dieses.",
    ),
    "limit_section": (
        "You may pick {of} of each part. Take one back first, and this one fits.",
        "Du kannst {of} je Teil auswählen. Nimm erst eines zurück, dann passt dieses.",
    ),
    "least": (
        "Pick {n} more, then send.|Pick {n} more, then send.",
        "Noch {n}, dann kannst du senden.|Noch {n}, dann kannst du senden.",
    ),
    "waiting": (
        "Not saved yet: no connection. It is sent as soon as there is one.",
        "Noch nicht gesichert: keine Verbindung. Sobald eine da ist, geht es weiter.",
    ),
    "merged": (
        "This list was changed on another device, too. Both changes are here now.",
        "Diese Liste wurde auch auf einem anderen Gerät geändert. Beides steht nun hier.",
    ),
    "elsewhere": ("Go on elsewhere", "Anderswo weitermachen"),
    "elsewhere_lede": (
        "This link leads to your picks on any device. Keep it to yourself.",
        "Dieser Link führt auf jedem Gerät zu deiner Auswahl. Behalte ihn für dich.",
    ),
    "copy": ("Copy", "Kopieren"),
    "hide": ("Hide from guests", "Vor Gästen verbergen"),
    "show": ("Show to guests", "Gästen zeigen"),
    "hidden": ("Hidden from guests", "Vor Gästen verborgen"),
    # comments
    "comments": ("Comments", "Kommentare"),
    "no_comments": ("Nobody has said anything yet.", "Noch hat niemand etwas geschrieben."),
    "say": ("Say something about it", "Schreib etwas dazu"),
    "say_it": ("Add comment", "Schreiben"),
    "reply": ("Reply", "Antworten"),
    "take_back": ("Delete", "Löschen"),
    # downloads
    "what": ("What", "Was"),
    "this_photo": ("This photo", "Dieses Foto"),
    "this_section": ("This part: {name}", "Dieser Teil: {name}"),
    "everything": ("Everything", "Alles"),
    "original": ("Original", "Original"),
    "original_hint": ("As the camera made it", "Wie aus der Kamera"),
    "web_2048": ("Large", "Groß"),
    "web_2048_hint": ("2048 pixels, for screens and small prints", "2048 Pixel, für Bildschirm"),
    "web_1024": ("Small", "Klein"),
    "web_1024_hint": ("1024 pixels, to send on", "1024 Pixel, zum Verschicken"),
    "pin": ("PIN", "PIN"),
    "pin_hint": ("It came with your link.", "Sie kam mit deinem Link."),
    "counting": ("Counting", "Wird gezählt"),
    "plan": ("{n} photo, {size}|{n} photos, {size}", "{n} Foto, {size}|{n} Fotos, {size}"),
    "one_zip": ("In one ZIP.", "In einer ZIP-Datei."),
    "mobile": ("You may be on mobile data.", "Vielleicht nutzt du mobile Daten."),
    "busy": (
        "Others are downloading right now. Yours begins by itself in about {n} s.",
        "Gerade laden andere herunter. Deiner beginnt von selbst in etwa {n} s.",
    ),
    "making": ("{n} of {all} are made smaller.", "{n} von {all} sind verkleinert."),
    "start": ("Download", "Herunterladen"),
    "save_phone": ("Save to this device", "Auf diesem Gerät sichern"),
    "failed": ("That did not work.", "Das hat nicht geklappt."),
    "started": ("The download has begun.", "Der Download läuft."),
    # full pages
    "password_title": ("A password, please", "Das Passwort, bitte"),
    "password": ("Password", "Passwort"),
    "password_lede": (
        "Whoever invited you gave you one.",
        "Du hast es mit der Einladung bekommen.",
    ),
    "password_wrong": (
        "That is not it. Capitals and spaces count.",
        "Das ist es nicht. Groß- und Kleinschreibung zählt.",
    ),
    "password_wait": (
        "Too many tries. Wait {n} second, then try again.|"
        "Too many tries. Wait {n} seconds, then try again.",
        "Zu viele Versuche. Warte {n} Sekunde.|Zu viele Versuche. Warte {n} Sekunden.",
    ),
    "enter_title": ("You are invited", "Du bist eingeladen"),
    "enter_lede": (
        "This link is for a certain number of visitors. Opening it counts you in, once.",
        "Dieser Link ist für eine bestimmte Zahl von Gästen. Beim Öffnen zählst du einmal.",
    ),
    "pin_title": ("The PIN for downloads", "Die PIN zum Herunterladen"),
    "pin_wrong": ("That is not it. Try once more.", "Das ist sie nicht. Versuch es noch einmal."),
    "come_in": ("Come in", "Eintreten"),
    "remembered": (
        "This browser remembers it, for this gallery alone.",
        "Dieser Browser merkt es sich, nur für diese Galerie.",
    ),
    "not_yet": ("Not open yet", "Noch nicht geöffnet"),
    "not_yet_lede": ("These photos can be seen from {when} on.", "Zu sehen ab {when}."),
    "not_yet_soon": ("Come back a little later.", "Komm etwas später wieder."),
    "closed": ("This gallery is closed", "Diese Galerie ist geschlossen"),
    "closed_lede": (
        "It was open for a while, and that is over. Ask whoever sent you the link.",
        "Sie war eine Zeit lang offen. Frag, wer dir den Link geschickt hat.",
    ),
    "lost": ("Nothing is here", "Hier ist nichts"),
    "lost_lede": (
        "The link may be incomplete, or was taken back. Ask whoever sent it to you.",
        "Der Link ist vielleicht unvollständig oder wurde zurückgenommen. Frag, wer ihn "
        "dir geschickt hat.",
    ),
    "me": ("What is kept about you", "Was über dich gespeichert ist"),
    "me_lede": (
        "Only what is needed for your picks. Nothing goes to anybody else.",
        "Nur was für deine Auswahl nötig ist. Nichts davon geht an andere.",
    ),
    "me_nothing": (
        "Nothing is kept about you. Should you pick or comment, it stands here.",
        "Über dich ist nichts gespeichert. Wenn du auswählst oder kommentierst, steht es hier.",
    ),
    "me_remembered": (
        "A cookie in this browser, so that you are not asked for the password again.",
        "Ein Cookie in diesem Browser, damit du nicht wieder nach dem Passwort gefragt wirst.",
    ),
    "me_since": ("Here since", "Seit"),
    "me_delete": ("Delete all of it", "Alles löschen"),
    "me_delete_lede": (
        "Your picks, notes and comments go, and cannot be brought back.",
        "Auswahl, Notizen und Kommentare verschwinden und kommen nicht wieder.",
    ),
    "forget": ("Forget the password here", "Passwort hier vergessen"),
    "forgotten": ("This browser has forgotten you.", "Dieser Browser hat dich vergessen."),
    "back": ("Back to the photos", "Zurück zu den Fotos"),
    "galleries": ("Galleries", "Galerien"),
    "galleries_none": ("There is nothing for everybody here.", "Hier ist nichts für alle."),
}

LANGUAGES = {ENGLISH: "English", "de": "Deutsch"}
"""Languages that there are words for, by their tag."""

_MONTHS = {
    ENGLISH: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "de": [
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
    ],
}


class Words:
    """The table in one language: `words.close`, `words("photos", n=3)`."""

    def __init__(self, tag: str) -> None:
        self.tag = language(tag)
        at = list(LANGUAGES).index(self.tag)
        self.table: Mapping[str, str] = {key: forms[at] for key, forms in _TABLE.items()}

    def __getattr__(self, key: str) -> str:
        """One word as it stands in the table."""
        try:
            return self.table[key]
        except KeyError:
            raise AttributeError(key) from None

    def __call__(self, key: str, **values: str | int) -> str:
        """A word with its places filled; `n` chooses between one and many."""
        one, _, many = self.table[key].partition("|")
        count = values.get("n", 1)
        said = {name: self.number(v) if isinstance(v, int) else v for name, v in values.items()}
        return (one if count == 1 or not many else many).format(**said)

    def number(self, count: int) -> str:
        """A count with its thousands parted as the language does."""
        return f"{count:,}" if self.tag == ENGLISH else f"{count:,}".replace(",", ".")

    def day(self, day: date) -> str:
        """`14 June 2026`, `14. Juni 2026`."""
        dot = "." if self.tag == "de" else ""
        return f"{day.day}{dot} {_MONTHS[self.tag][day.month - 1]} {day.year}"


def language(tag: str) -> str:
    """The language that there are words for, nearest to a tag of BCP 47."""
    plain = tag.lower().partition("-")[0]
    return plain if plain in LANGUAGES else ENGLISH


WORDS = {tag: Words(tag) for tag in LANGUAGES}


def words_of(tag: str) -> Words:
    """The words for a gallery's language."""
    return WORDS[language(tag)]
