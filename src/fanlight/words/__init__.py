"""What is said to visitors, in each language there are words for.

Pages, mails and archives speak the language of their gallery, and take their words from here. The
owner's own pages are in English, and say it in their templates.

A language is one module, and one line in `words`.
"""

from __future__ import annotations

from fanlight.words.words import LANGUAGES, Words, archive_words, mail_words, nearest, page_words

__all__ = ["LANGUAGES", "Words", "archive_words", "mail_words", "nearest", "page_words"]
