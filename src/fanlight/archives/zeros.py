"""The CRC-32 of many zeros, without reading them.

A byte of zero multiplies the remainder by x^8 modulo the polynomial; so many of them are a power,
which takes as many steps as its exponent has bits.
"""

from __future__ import annotations

_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31
"""x^0: the bits stand in reverse order."""
_ALL = 0xFFFFFFFF


def crc_of_zeros(count: int) -> int:
    """The CRC-32 of `count` bytes that are all zero."""
    power, square = _ONE, _ONE >> 8
    while count:
        if count & 1:
            power = _times(power, square)
        square = _times(square, square)
        count >>= 1
    return _times(power, _ALL) ^ _ALL


def _times(one: int, other: int) -> int:
    """The product of two polynomials modulo ours."""
    product, bit = 0, _ONE
    while one:
        if one & bit:
            product ^= other
            one ^= bit
        bit >>= 1
        other = other >> 1 ^ _POLYNOMIAL if other & 1 else other >> 1
    return product
