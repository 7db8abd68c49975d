"""Makes what other programs pack letters in: winmail.dat, and an opaque signature."""

from __future__ import annotations

import struct

RENDERING, TITLE, CONTENT, FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
BODY, PROPERTIES, CODEPAGE = 0x0002800C, 0x00069003, 0x00069007


def tnef(*attributes: bytes) -> bytes:
    """Write a winmail.dat."""
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def attribute(name: int, value: bytes, *, of_file: bool = False) -> bytes:
    head = struct.pack("<BII", 2 if of_file else 1, name, len(value))
    return head + value + struct.pack("<H", sum(value) & 0xFFFF)


def properties(*values: bytes) -> bytes:
    return struct.pack("<I", len(values)) + b"".join(values)


def binary(name: int, value: bytes, *, kind: int = 0x0102) -> bytes:
    padded = value + b"\0" * (-len(value) % 4)
    return struct.pack("<HHII", kind, name, 1, len(value)) + padded


def unicode(name: int, value: str) -> bytes:
    return binary(name, f"{value}\0".encode("utf-16-le"), kind=0x001F)


def number(name: int, value: int) -> bytes:
    return struct.pack("<HHI", 0x0003, name, value)


def file(name: str, content: bytes, *more: bytes) -> bytes:
    """Write a file, with the short name of DOS and the long one beside it."""
    return b"".join(
        [
            attribute(RENDERING, b"\0" * 14, of_file=True),
            attribute(TITLE, b"SHORT~1.TXT\0", of_file=True),
            attribute(CONTENT, content, of_file=True),
            attribute(FILE_PROPERTIES, properties(unicode(0x3707, name), *more), of_file=True),
        ]
    )


def der(tag: int, *values: bytes) -> bytes:
    """Write an element of BER with a definite length."""
    value = b"".join(values)
    if len(value) < 0x80:
        return bytes([tag, len(value)]) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + value


def endless(tag: int, *values: bytes) -> bytes:
    """Write an element of BER that ends with two zeros, as Outlook does."""
    return bytes([tag, 0x80]) + b"".join(values) + b"\0\0"


OID_SIGNED = der(0x06, bytes.fromhex("2a864886f70d010702"))
OID_ENVELOPED = der(0x06, bytes.fromhex("2a864886f70d010703"))
OID_DATA = der(0x06, bytes.fromhex("2a864886f70d010701"))


def signed(content: bytes) -> bytes:
    """Write the shell of an opaque signature, with nobody's signature in it."""
    inside = der(0x30, OID_DATA, der(0xA0, der(0x04, content)))
    return der(
        0x30, OID_SIGNED, der(0xA0, der(0x30, der(0x02, b"\1"), der(0x31), inside, der(0x31)))
    )


def signed_in_pieces(*pieces: bytes) -> bytes:
    """Write the same without lengths, and its content in pieces."""
    octets = endless(0x24, *(der(0x04, piece) for piece in pieces))
    inside = endless(0x30, OID_DATA, endless(0xA0, octets))
    whole = endless(0x30, der(0x02, b"\1"), endless(0x31), inside, der(0x31))
    return endless(0x30, OID_SIGNED, endless(0xA0, whole))
