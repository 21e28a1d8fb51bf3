"""NUMERIC in binary: digits to the base of 10,000, as PostgreSQL's ``numeric_send`` writes them."""

from __future__ import annotations

import struct
from decimal import Decimal

_NEGATIVE, _NAN = 0x4000, 0xC000


def numeric_bytes(text: str) -> bytes:
    """Write a number, given as its decimal digits, exactly.

    Examples
    --------
    >>> numeric_bytes("-12345.678").hex()
    '0003000140000003000109291a7c'
    """
    sign = _NEGATIVE if text.startswith("-") else 0
    whole, _, fraction = text.lstrip("-").partition(".")
    scale = len(fraction)
    whole = whole.lstrip("0")
    whole = whole.rjust(-(-len(whole) // 4) * 4, "0")
    fraction = fraction.ljust(-(-scale // 4) * 4, "0")
    weight = len(whole) // 4 - 1
    digits = [int((whole + fraction)[at : at + 4]) for at in range(0, len(whole + fraction), 4)]
    while digits and digits[0] == 0:
        del digits[0]
        weight -= 1
    while digits and digits[-1] == 0:
        del digits[-1]
    if not digits:
        sign = weight = 0
    return struct.pack(f"!HhHH{len(digits)}H", len(digits), weight, sign, scale, *digits)


def numeric_value(data: bytes) -> Decimal:
    """Read a number.

    Raises
    ------
    ValueError
        The bytes are no NUMERIC, or infinite.

    Examples
    --------
    >>> numeric_value(numeric_bytes("-12345.678"))
    Decimal('-12345.678')
    """
    if len(data) < 8:
        raise ValueError("a numeric has eight bytes or more")
    count, weight, sign, scale = struct.unpack("!HhHH", data[:8])
    if sign == _NAN:
        return Decimal("NaN")
    if sign not in (0, _NEGATIVE) or len(data) != 8 + 2 * count:
        raise ValueError("a numeric is malformed, or infinite")
    digits = struct.unpack(f"!{count}H", data[8:])
    if any(digit > 9999 for digit in digits):
        raise ValueError("a numeric has digits beyond 9999")
    groups = "".join(f"{digit:04d}" for digit in digits)
    # The point stands behind `weight` + 1 groups, which may lie before or beyond those sent.
    before = max(4 * (weight + 1), 0)
    groups = "0" * -min(4 * (weight + 1), 0) + groups
    whole, fraction = groups[:before].ljust(before, "0"), groups[before:]
    text = f"{whole or '0'}.{fraction[:scale].ljust(scale, '0')}" if scale else whole or "0"
    return Decimal(f"-{text}" if sign else text)
