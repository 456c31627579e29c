"""What the bytes of an original say about themselves, read without decoding a pixel.

Metadata is written by cameras, by editors and by people who wish us harm: every reader here is
bounded, and takes what it cannot understand for unsaid.
"""
