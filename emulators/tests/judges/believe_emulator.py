"""A pytest plugin for the SDK's own tests: ``requests`` believes the emulator by default.

Those tests have sessions with pinned certificates and sessions without. REQUESTS_CA_BUNDLE would
overrule both, and the tests of bad pins with them; so only the default is exchanged.
"""

import os

import certifi


def _bundle() -> str:
    return os.environ["EMULATOR_CA_FILE"]


certifi.where = _bundle
