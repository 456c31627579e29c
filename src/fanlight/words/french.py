"""French: visitors are addressed by *vous*."""

from __future__ import annotations

import re

from fanlight.words.language import Language, Refusals, Table

_PAGES = {
    # the page
    "skip": "Aller aux photos",
    "skip_door": "Aller au contenu",
    "photos": "{n} photo|{n} photos",
    "videos": "{n} vidéo|{n} vidéos",
    "all": "Tout",
    "sections": "Parties de la galerie",
    "tools": "Rechercher et télécharger",
    "gallery": "Photos",
    "search": "Rechercher par nom",
    "only_mine": "Mes choix",
    "download": "Télécharger",
    "more": "Plus de photos",
    "earlier": "Revenir au début",
    "nothing": "Rien à voir pour l’instant",
    "nothing_lede": "Les photos apparaîtront ici dès qu’elles seront prêtes.",
    "nothing_found": "Rien ne porte ce nom",
    "nothing_found_lede": "Essayez avec moins de lettres, ou parcourez toutes les photos.",
    "nothing_mine": "Rien de choisi pour l’instant",
    "nothing_mine_lede": "Touchez le cœur d’une photo pour la retrouver ici.",
    "show_all": "Voir toutes les photos",
    "loading": "Chargement de la suite",
    "away": (
        "Pas de connexion pour le moment. Ce que vous voyez reste là ; un nouvel essai se fera "
        "tout seul."
    ),
    "try_now": "Réessayer",
    "photo_of": "Photo {n}, {name}",
    "video_of": "Vidéo {n}, {name}",
    "about_you": "Ce qui est conservé sur vous",
    "preview": "Vous voyez cette galerie comme vos clients.",
    "preview_draft": "Personne d’autre ne peut encore l’ouvrir.",
    # one photo
    "photo": "Photo",
    "close": "Fermer",
    "previous": "Précédente",
    "next": "Suivante",
    "zoom": "Agrandir",
    "info": "À propos de cette photo",
    "taken": "Prise le",
    "camera": "Appareil",
    "name": "Nom",
    "size": "Taille",
    "slideshow": "Diaporama",
    "pause": "Pause",
    "paper": "Fond clair",
    "night": "Fond sombre",
    "play": "Lire la vidéo",
    "of": "{n} sur {of}",
    "unseen": "Cette photo ne peut pas être affichée pour le moment.",
    "all_photos": "Toutes les photos",
    "copied": "Copié",
    # picks
    "pick": "Choisir {name}",
    "pick_this": "Choisir",
    "picked_this": "Choisie",
    "picked": "{n} choisie|{n} choisies",
    "picked_of": "{n} choisie sur {of}|{n} choisies sur {of}",
    "picks": "Votre sélection",
    "my_picks": "Ma sélection",
    "said_picked": "{name} choisie",
    "said_unpicked": "{name} n’est plus choisie",
    "lists": "Listes",
    "new_list": "Nouvelle liste",
    "make": "Créer",
    "note": "Note",
    "note_hint": "Pour le photographe, avec votre sélection.",
    "stars": "{n} étoile|{n} étoiles",
    "rating": "Étoiles",
    "flag": "Couleur",
    "flag_red": "Rouge",
    "flag_yellow": "Jaune",
    "flag_green": "Vert",
    "flag_blue": "Bleu",
    "flag_purple": "Violet",
    "send": "Envoyer",
    "send_to": "Envoyer à {studio}",
    "send_picks": "Envoyer votre sélection",
    "send_lede": (
        "{n} photo. Une fois envoyée, la liste est verrouillée.|"
        "{n} photos. Une fois envoyée, la liste est verrouillée."
    ),
    "your_name": "Votre nom",
    "your_email": "Votre e-mail",
    "optional": "facultatif",
    "message": "Quelques mots",
    "sent": "C’est envoyé",
    "sent_lede": (
        "Votre sélection est en route. La liste est maintenant verrouillée ; demandez si vous "
        "souhaitez la modifier."
    ),
    "locked": "Cette liste a été envoyée et est verrouillée.",
    "limit": "Vous pouvez en choisir {of}. Retirez-en d’abord une pour faire place à celle-ci.",
    "limit_section": (
        "Vous pouvez en choisir {of} par partie. Retirez-en d’abord une pour faire place à "
        "celle-ci."
    ),
    "least": ("Choisissez-en encore {n}, puis envoyez.|Choisissez-en encore {n}, puis envoyez."),
    "waiting": "Pas encore enregistré : pas de connexion. L’envoi se fera dès son retour.",
    "merged": (
        "Cette liste a aussi été modifiée sur un autre appareil. Les deux changements sont ici."
    ),
    "elsewhere": "Continuer ailleurs",
    "elsewhere_lede": (
        "Ce lien mène à votre sélection sur n’importe quel appareil. Gardez-le pour vous."
    ),
    "copy": "Copier",
    "hide": "Masquer aux invités",
    "show": "Montrer aux invités",
    "hidden": "Masquée aux invités",
    # comments
    "comments": "Commentaires",
    "no_comments": "Personne n’a encore rien écrit.",
    "say": "Votre commentaire",
    "say_it": "Commenter",
    "reply": "Répondre",
    "take_back": "Supprimer",
    "guest": "Un invité",
    # downloads
    "what": "Quoi",
    "this_photo": "Cette photo",
    "this_section": "Cette partie : {name}",
    "everything": "Tout",
    "original": "Original",
    "original_hint": "Tel que sorti de l’appareil",
    "web_2048": "Grande",
    "web_2048_hint": "2048 pixels, pour l’écran et les petits tirages",
    "web_1024": "Petite",
    "web_1024_hint": "1024 pixels, pour l’envoyer",
    "pin": "Code PIN",
    "pin_hint": "Vous l’avez reçu avec le lien.",
    "counting": "Calcul en cours",
    "plan": "{n} photo, {size}|{n} photos, {size}",
    "one_zip": "En un seul fichier ZIP.",
    "mobile": "Vous utilisez peut-être des données mobiles.",
    "busy": (
        "D’autres téléchargements sont en cours. Le vôtre commencera tout seul dans environ {n} s."
    ),
    "making": "{n} sur {all} sont réduites.",
    "wait_title": "Un instant, s’il vous plaît",
    "start": "Télécharger",
    "save_phone": "Enregistrer sur cet appareil",
    "failed": "Cela n’a pas fonctionné.",
    "started": "Le téléchargement a commencé.",
    # full pages
    "password_title": "Le mot de passe, s’il vous plaît",
    "password": "Mot de passe",
    "password_lede": "Vous l’avez reçu avec l’invitation.",
    "password_wrong": "Ce n’est pas le bon. Les majuscules et les espaces comptent.",
    "password_wait": (
        "Trop d’essais. Attendez {n} seconde, puis réessayez.|"
        "Trop d’essais. Attendez {n} secondes, puis réessayez."
    ),
    "enter_title": "Vous êtes invité",
    "enter_lede": (
        "Ce lien vaut pour un certain nombre de visiteurs. L’ouvrir vous compte une seule fois."
    ),
    "pin_title": "Le code PIN des téléchargements",
    "pin_wrong": "Ce n’est pas le bon. Essayez encore.",
    "come_in": "Entrer",
    "remembered": "Ce navigateur le retient, pour cette galerie seulement.",
    "not_yet": "Pas encore ouverte",
    "not_yet_lede": "Ces photos seront visibles à partir du {when}.",
    "not_yet_soon": "Revenez un peu plus tard.",
    "closed": "Cette galerie est fermée",
    "closed_lede": (
        "Elle est restée ouverte un temps, qui est passé. Demandez à qui vous a envoyé le lien."
    ),
    "contact": "Prendre contact",
    "lost": "Il n’y a rien ici",
    "lost_lede": (
        "Le lien est peut-être incomplet, ou a été retiré. Demandez à qui vous l’a envoyé."
    ),
    "me": "Ce qui est conservé sur vous",
    "me_lede": "Seulement le nécessaire pour votre sélection. Rien n’est transmis à d’autres.",
    "me_nothing": (
        "Rien n’est conservé sur vous. Si vous choisissez ou commentez, vous le verrez ici."
    ),
    "me_remembered": ("Un cookie dans ce navigateur, pour ne pas vous redemander le mot de passe."),
    "me_did": "Noté de vos visites",
    "me_times": "{n} fois|{n} fois",
    "me_since": "Depuis le",
    "me_delete": "Tout supprimer",
    "me_delete_lede": ("Votre sélection, vos notes et vos commentaires disparaissent pour de bon."),
    "forget": "Oublier le mot de passe ici",
    "forgotten": "Ce navigateur vous a oublié.",
    "back": "Retour aux photos",
    "mails_title": "Plus d’e-mails",
    "mails_lede": "Faut-il oublier {email} ici ? Votre sélection et vos commentaires restent.",
    "mails_stop": "Oublier mon adresse",
    "mails_stopped": "Votre adresse est oubliée. Plus aucun e-mail ne vous viendra d’ici.",
    "galleries": "Galeries",
    "galleries_none": "Il n’y a rien ici pour tout le monde.",
}
_MAILS = {
    # an invitation, as its template comes
    "invite_subject": "Vos photos : {gallery}",
    "invite_text": """\
Bonjour {client},

Vos photos sont prêtes : {gallery}.

{link}

Le mot de passe est : {password}
Le code PIN des téléchargements est : {pin}
Vous pouvez les voir jusqu’au {closes}.

Il ne vous faut rien d’autre, ni compte ni application. Touchez le cœur des photos qui vous \
plaisent, puis envoyez votre sélection depuis la page.

{studio}""",
    # links
    "open": "Ouvrir la galerie",
    "open_photo": "Voir la photo",
    "by_your_link": "Ouvrez la galerie avec le lien que vous avez reçu.",
    # to those who left their address
    "receipt_subject": "Votre sélection est arrivée : {gallery}",
    "receipt": (
        "Votre sélection de {n} photo de « {gallery} » est arrivée.|"
        "Votre sélection de {n} photos de « {gallery} » est arrivée."
    ),
    "receipt_more": (
        "La liste est maintenant verrouillée. Pour la modifier, répondez à cet e-mail."
    ),
    "answer_subject": "{who} vous a répondu : {gallery}",
    "answer": "{who} a répondu à ce que vous disiez de {photo} dans « {gallery} » :",
    "closing_subject": "Jusqu’au {closes} seulement : {gallery}",
    "closing": (
        "« {gallery} » est visible jusqu’au {closes}. Regardez-la encore d’ici là, et emportez ce "
        "que vous voulez garder."
    ),
    "foot": "Vous recevez ceci parce que cette adresse a été laissée dans la galerie.",
    "no_more": "Plus d’e-mails, oublier mon adresse",
}
_ARCHIVES = {
    "report": "à propos de ce téléchargement.txt",
    "all_read": "L’unique élément a pu être lu.|Les {n} éléments ont pu être lus.",
    "not_read": "{n} sur {all} n’a pas pu être lu.|{n} sur {all} n’ont pas pu être lus.",
    "zeros": "À leur place se trouvent des éléments qui ne contiennent que des zéros :",
    "left_out": "Ceux-ci ne sont pas dans cette archive :",
    "try_again": "Ils seront peut-être de nouveau là si vous les téléchargez encore.",
    "no_room": "et d’autres : {n} lignes n’avaient pas leur place ici.",
}
_REFUSALS = {
    "internal": ("Quelque chose s’est mal passé", "Réessayez dans un moment."),
    "invalid": ("Cela ne peut pas être compris", "Corrigez et envoyez de nouveau."),
    "invalid.comment": ("Ce commentaire est trop long, ou vide", "Changez-le et réessayez."),
    "invalid.email": ("Ce n’est pas une adresse e-mail", "Corrigez-la, ou laissez-la de côté."),
    "invalid.message": ("Ce message est trop long", "Raccourcissez-le un peu."),
    "invalid.name": (
        "Ce nom ne peut pas être utilisé",
        "Prenez-en un autre, de 100 lettres au plus.",
    ),
    "invalid.pick": ("Cette note est trop longue", "Raccourcissez-la un peu."),
    "not-found": ("Il n’y a rien ici", "Le lien est peut-être incomplet, ou a été retiré."),
    "not-found.item": ("Cette photo n’est plus dans la galerie", "Voyez les autres photos."),
    "not-found.archive-contents": ("Il n’y a rien à télécharger ici", "Choisissez autre chose."),
    "conflict": ("Cela ne va pas pour l’instant", "Rechargez la page et réessayez."),
    "conflict.limit": (
        "Le nombre de photos choisies ne convient pas",
        "Ajoutez-en ou retirez-en, puis envoyez.",
    ),
    "conflict.lists": (
        "Vous avez déjà beaucoup de listes",
        "Retirez-en une dont vous n’avez plus besoin.",
    ),
    "conflict.submitted": (
        "Cette liste est déjà envoyée et verrouillée",
        "Demandez qu’on la rouvre, ou commencez une autre liste.",
    ),
    "conflict.version": (
        "Cette liste a changé sur un autre appareil",
        "Regardez-la encore une fois, puis envoyez-la.",
    ),
    "unauthenticated": ("La page ne vous reconnaît plus", "Rechargez la page."),
    "unauthenticated.pin": ("Ce n’est pas le code PIN", "Vérifiez-le et réessayez."),
    "forbidden": ("Ce lien ne le permet pas", "Demandez à qui vous l’a envoyé."),
    "forbidden.csrf": ("Un autre site a envoyé ceci", "Ouvrez la galerie elle-même et réessayez."),
    "forbidden.used-up": (
        "Tous les téléchargements permis ont été faits",
        "Demandez à qui vous a envoyé le lien.",
    ),
    "expired": ("Ce lien n’est plus valable", "Demandez-en un nouveau à qui vous l’a envoyé."),
    "expired.used-up": (
        "Ce lien a servi autant de fois qu’il le pouvait",
        "Demandez-en un nouveau à qui vous l’a envoyé.",
    ),
    "throttled": (
        "C’était beaucoup à la fois",
        "Attendez {n} seconde, puis réessayez.|Attendez {n} secondes, puis réessayez.",
    ),
    "overloaded": (
        "Il y a beaucoup à faire en ce moment",
        "Cela continue tout seul dans environ {n} seconde.|"
        "Cela continue tout seul dans environ {n} secondes.",
    ),
    "storage": (
        "Ceci n’est pas accessible pour le moment",
        "Ce qui est affiché reste là. Réessayez plus tard.",
    ),
}


def _together(text: str) -> str:
    """The text, with no line broken before `:`, `;`, `?`, `!`, nor beside guillemets."""
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\N{NO-BREAK SPACE}", text)


def _table(words: Table) -> Table:
    """All of it; but for what owners go on writing, who do not see such spaces."""
    return {
        key: said if key.startswith("invite_") else _together(said) for key, said in words.items()
    }


def _refusals(words: Refusals) -> Refusals:
    return {code: (_together(why), _together(step)) for code, (why, step) in words.items()}


FRENCH = Language(
    tag="fr",
    name="Français",
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    day="{day} {month} {year}",
    first="1er",
    thousands="\N{NARROW NO-BREAK SPACE}",
    singular=(0, 1),
    pages=_table(_PAGES),
    mails=_table(_MAILS),
    archives=_table(_ARCHIVES),
    refusals=_refusals(_REFUSALS),
)
