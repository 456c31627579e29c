"""Bytes in, pictures out: recipes, the workers that follow them, and the cache of what they made.

Nothing here knows of assets, channels or requests: an original comes as a local file, a rendition
leaves as one.
"""
