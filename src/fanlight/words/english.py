"""English: the words that the others are translated from."""

from __future__ import annotations

from fanlight.words.language import Language

_PAGES = {
    # the page
    "skip": "Skip to the photos",
    "skip_door": "Skip to the content",
    "photos": "{n} photo|{n} photos",
    "videos": "{n} video|{n} videos",
    "all": "All",
    "sections": "Parts of this gallery",
    "tools": "Search and download",
    "gallery": "Photos",
    "search": "Search by name",
    "only_mine": "Only mine",
    "download": "Download",
    "more": "More photos",
    "earlier": "To the beginning",
    "nothing": "Nothing here yet",
    "nothing_lede": "Photos appear here as soon as they are ready.",
    "nothing_found": "Nothing has that name",
    "nothing_found_lede": "Try fewer letters, or look through all photos.",
    "nothing_mine": "Nothing picked yet",
    "nothing_mine_lede": "Touch the heart on a photo, and it comes here.",
    "show_all": "Show all photos",
    "loading": "Loading more",
    "away": "No connection just now. What you see is still here; trying again by itself.",
    "try_now": "Try now",
    "photo_of": "Photo {n}, {name}",
    "video_of": "Video {n}, {name}",
    "about_you": "What is kept about you",
    "preview": "You see this gallery as your clients do.",
    "preview_draft": "Nobody else can open it yet.",
    # one photo
    "photo": "Photo",
    "close": "Close",
    "previous": "Previous",
    "next": "Next",
    "zoom": "Zoom",
    "info": "About this photo",
    "taken": "Taken",
    "camera": "Camera",
    "name": "Name",
    "size": "Size",
    "slideshow": "Slideshow",
    "pause": "Pause",
    "paper": "Light background",
    "night": "Dark background",
    "play": "Play video",
    "of": "{n} of {of}",
    "unseen": "This photo cannot be shown right now.",
    "all_photos": "All photos",
    "copied": "Copied",
    # picks
    "pick": "Pick {name}",
    "pick_this": "Pick",
    "picked_this": "Picked",
    "picked": "{n} picked|{n} picked",
    "picked_of": "{n} of {of} picked|{n} of {of} picked",
    "picks": "Your picks",
    "my_picks": "My picks",
    "said_picked": "Picked {name}",
    "said_unpicked": "No longer picked: {name}",
    "lists": "Lists",
    "new_list": "New list",
    "make": "Make it",
    "note": "Note",
    "note_hint": "For the photographer, as you send your picks.",
    "stars": "{n} star|{n} stars",
    "rating": "Stars",
    "flag": "Colour",
    "flag_red": "Red",
    "flag_yellow": "Yellow",
    "flag_green": "Green",
    "flag_blue": "Blue",
    "flag_purple": "Purple",
    "send": "Send",
    "send_to": "Send to {studio}",
    "send_picks": "Send your picks",
    "send_lede": (
        "{n} photo. Once it is sent, this list is locked.|"
        "{n} photos. Once they are sent, this list is locked."
    ),
    "your_name": "Your name",
    "your_email": "Your e-mail",
    "optional": "optional",
    "message": "A few words",
    "sent": "Sent",
    "sent_lede": (
        "Your picks are on their way. This list is locked now; ask if you want to change it."
    ),
    "locked": "This list was sent, and is locked.",
    "limit": "You may pick {of}. Take one back first, and this one fits.",
    "limit_section": "You may pick {of} of each part. Take one back first, and this one fits.",
    "least": "Pick {n} more, then send.|Pick {n} more, then send.",
    "waiting": "Not saved yet: no connection. It is sent as soon as there is one.",
    "merged": "This list was changed on another device, too. Both changes are here now.",
    "elsewhere": "Go on elsewhere",
    "elsewhere_lede": "This link leads to your picks on any device. Keep it to yourself.",
    "copy": "Copy",
    "hide": "Hide from guests",
    "show": "Show to guests",
    "hidden": "Hidden from guests",
    # comments
    "comments": "Comments",
    "no_comments": "Nobody has said anything yet.",
    "say": "Say something about it",
    "say_it": "Add comment",
    "reply": "Reply",
    "take_back": "Delete",
    "guest": "Guest",
    # downloads
    "what": "What",
    "this_photo": "This photo",
    "this_section": "This part: {name}",
    "everything": "Everything",
    "original": "Original",
    "original_hint": "As the camera made it",
    "web_2048": "Large",
    "web_2048_hint": "2048 pixels, for screens and small prints",
    "web_1024": "Small",
    "web_1024_hint": "1024 pixels, to send on",
    "pin": "PIN",
    "pin_hint": "It came with your link.",
    "counting": "Counting",
    "plan": "{n} photo, {size}|{n} photos, {size}",
    "one_zip": "In one ZIP.",
    "mobile": "You may be on mobile data.",
    "busy": "Others are downloading right now. Yours begins by itself in about {n} s.",
    "making": "{n} of {all} are made smaller.",
    "wait_title": "A moment, please",
    "start": "Download",
    "save_phone": "Save to this device",
    "failed": "That did not work.",
    "started": "The download has begun.",
    # full pages
    "password_title": "A password, please",
    "password": "Password",
    "password_lede": "Whoever invited you gave you one.",
    "password_wrong": "That is not it. Capitals and spaces count.",
    "password_wait": (
        "Too many tries. Wait {n} second, then try again.|"
        "Too many tries. Wait {n} seconds, then try again."
    ),
    "enter_title": "You are invited",
    "enter_lede": "This link is for a certain number of visitors. Opening it counts you in, once.",
    "pin_title": "The PIN for downloads",
    "pin_wrong": "That is not it. Try once more.",
    "come_in": "Come in",
    "remembered": "This browser remembers it, for this gallery alone.",
    "not_yet": "Not open yet",
    "not_yet_lede": "These photos can be seen from {when} on.",
    "not_yet_soon": "Come back a little later.",
    "closed": "This gallery is closed",
    "closed_lede": "It was open for a while, and that is over. Ask whoever sent you the link.",
    "contact": "Get in touch",
    "lost": "Nothing is here",
    "lost_lede": "The link may be incomplete, or was taken back. Ask whoever sent it to you.",
    "me": "What is kept about you",
    "me_lede": "Only what is needed for your picks. Nothing goes to anybody else.",
    "me_nothing": "Nothing is kept about you. Should you pick or comment, it stands here.",
    "me_remembered": "A cookie in this browser, so that you are not asked for the password again.",
    "me_did": "Noted of your visits",
    "me_times": "{n} time|{n} times",
    "me_since": "Here since",
    "me_delete": "Delete all of it",
    "me_delete_lede": "Your picks, notes and comments go, and cannot be brought back.",
    "forget": "Forget the password here",
    "forgotten": "This browser has forgotten you.",
    "back": "Back to the photos",
    "mails_title": "No more mails",
    "mails_lede": "Shall {email} be forgotten here? Your picks and comments stay.",
    "mails_stop": "Forget my address",
    "mails_stopped": "Your address is forgotten. No mails come to it from here any more.",
    "galleries": "Galleries",
    "galleries_none": "There is nothing for everybody here.",
}
_MAILS = {
    # an invitation, as its template comes
    "invite_subject": "Your photos: {gallery}",
    "invite_text": """\
Hello {client},

Your photos are ready: {gallery}.

{link}

The password is: {password}
The PIN for downloads is: {pin}
You can look at them until {closes}.

You need nothing else, no account and no app. Touch the heart on the photos that you like, and \
send your picks from the page.

{studio}""",
    # links
    "open": "Open the gallery",
    "open_photo": "Look at the photo",
    "by_your_link": "Open the gallery by the link that you were given.",
    # to those who left their address
    "receipt_subject": "Your picks have arrived: {gallery}",
    "receipt": (
        "Your pick from “{gallery}” has arrived.|Your {n} picks from “{gallery}” have arrived."
    ),
    "receipt_more": "The list is locked now. If you want to change it, answer this mail.",
    "answer_subject": "{who} has answered you: {gallery}",
    "answer": "{who} has answered what you said about {photo} in “{gallery}”:",
    "closing_subject": "Only until {closes}: {gallery}",
    "closing": (
        "“{gallery}” can be seen until {closes}. Look at it again by then, and take along what you "
        "want to keep."
    ),
    "foot": "You get this because this address was left in the gallery.",
    "no_more": "No more mails, forget my address",
}
_ARCHIVES = {
    "report": "about this download.txt",
    "all_read": "The one entry could be read.|All {n} entries could be read.",
    "not_read": "{n} of {all} could not be read.|{n} of {all} could not be read.",
    "zeros": "In place of these there are entries that hold nothing but zeros:",
    "left_out": "These are not in this archive:",
    "try_again": "They may be there again when you download them anew.",
    "no_room": "and more: {n} lines had no room here.",
}


ENGLISH = Language(
    tag="en",
    name="English",
    months=(
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
    ),
    day="{day} {month} {year}",
    thousands=",",
    pages=_PAGES,
    mails=_MAILS,
    archives=_ARCHIVES,
)
