"""What a page says after something was done: fixed sentences, so an address can put in no words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice above a page's content."""

    title: str
    text: str = ""
    kind: str = "done"


NOTICES = {
    "list-open": Notice("Opened again", "The viewer can change the list, and send it once more."),
    "bringing": Notice(
        "The list is on its way to your cloud",
        "You can leave this page; the job goes on.",
        "note",
    ),
    "answered": Notice("Said", "Viewers see it with the photo."),
    "comment-removed": Notice("The comment was removed", "Answers to it went with it."),
    "viewer-gone": Notice("Forgotten", "Nothing of this viewer is kept any more."),
    "notices-saved": Notice("Saved"),
    "site-saved": Notice("Saved", "Your visitors see it from now on."),
    "mail-sent": Notice("The test mail was taken", "Look whether it has arrived."),
    "template-saved": Notice("Saved", "Invitations begin with these words from now on."),
    "template-removed": Notice("Done", "What comes with a language is again as it came."),
    "webhook-made": Notice("The webhook is ready", "Copy its secret into the other program."),
    "webhook-called": Notice("It answered", "The other program took the call."),
    "webhook-changed": Notice("Changed"),
    "webhook-removed": Notice("The webhook was removed"),
    "invited": Notice("The invitation was sent"),
    "link-made": Notice("The link is made", "Copy its address, and send it."),
    "gallery-made": Notice("The gallery is made", "Its photos come in as they are found.", "note"),
    "gallery-filled": Notice("The folder was added", "Its photos come in as they are found."),
    "gallery-saved": Notice("Saved"),
    "gallery-changed": Notice("Done"),
    "gallery-draft": Notice("It is a draft again", "Only you can see it."),
    "gallery-published": Notice("Published", "Who has the right can see it now."),
    "gallery-archived": Notice("Archived", "It is closed, and kept with its picks."),
    "gallery-doubled": Notice("This is the copy", "It is a draft. Give it a name of its own."),
    "gallery-removed": Notice("The gallery was removed", "Its photos stay where they are."),
    "gallery-chosen": Notice("The photos are in the gallery"),
    "channel-saved": Notice("Saved", "Next: connect the account."),
    "channel-changed": Notice("Saved", "The channel was looked at again."),
    "channel-on": Notice("Switched on"),
    "channel-off": Notice("Switched off", "Nothing is stored there now. Links go on working."),
    "quota-asked": Notice("Asked just now", "The space stands with the channel."),
    "connected": Notice("Connected", "The account answers. Try it with a test."),
    "connected-look": Notice(
        "Connected, with something to mend", "What is missing stands below, with the steps.", "note"
    ),
    "disconnected": Notice("Disconnected", "The service has ended the access too."),
    "disconnected-here": Notice(
        "Disconnected here only",
        "The service did not answer. End the access there too, under the account's connected apps.",
        "warning",
    ),
    "channel-added": Notice("The channel is ready", "It was checked, and can be used now."),
    "channel-removed": Notice("The channel was removed", "What is stored in it was not touched."),
    "forgetting": Notice(
        "The channel is being deleted",
        "It is switched off. You can leave this page; the job goes on.",
        "note",
    ),
    "channel-checked": Notice("Checked just now", "Findings, if any, stand with each channel."),
    "indexing": Notice("Indexing has begun", "You can leave this page; the job goes on.", "note"),
    "token-revoked": Notice("The token was revoked", "Programs that use it are refused now."),
    "device-ended": Notice("That device was signed out"),
    "password": Notice("Your password was changed", "All other devices were signed out."),
    "saved": Notice("Saved", "Old links keep leading here."),
    "trashed": Notice("Moved to the trash", "Its links stopped working. You can restore it."),
    "restored": Notice("Restored", "Its links work again."),
    "purged": Notice("Deleted for good"),
    "clearing": Notice(
        "The trash is being emptied", "You can leave this page; the job goes on.", "note"
    ),
    "warming": Notice(
        "Pictures are being made ahead", "Whoever looks comes first all the while.", "note"
    ),
    "again": Notice("The job runs again", "You can leave this page; it goes on.", "note"),
    "cancelled": Notice("The job was asked to stop"),
}
