"""The steps from a decoded picture to a rendition: each takes a picture and gives a picture.

Most only say what shall be done; libvips does it when the pixels are fetched, in one go.
"""

from __future__ import annotations

from collections.abc import Callable

import pyvips

Step = Callable[[pyvips.Image], pyvips.Image]
