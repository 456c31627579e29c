"""What is said of a data folder that cannot be used."""

from __future__ import annotations

from fanlight.errors import SettingsError


def unusable(error: OSError) -> SettingsError:
    """What the system says about the data folder, as an error of ours."""
    return SettingsError(
        f"The data folder cannot be used: {error.strerror} ({error.filename}).",
        remedy="Give Fanlight a folder it may write to, with --data or FANLIGHT_DATA.",
        code="settings.data",
    )
