"""Reads what the dynamic loader goes by in an ELF file of 64 bits, little-endian: other machines have no Mesos."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_DT_NEEDED, _DT_STRTAB, _DT_RPATH, _DT_RUNPATH = 1, 5, 15, 29


@dataclass
class Elf:
    """The dynamic part of a file."""

    #: The loader that the kernel starts for it; None of a shared library.
    interpreter: str | None = None
    #: Names of the shared libraries that it cannot do without.
    needed: list[str] = field(default_factory=list)
    #: Where they are looked for, and in what those that they need themselves are.
    rpath: str | None = None
    #: Where they are looked for; makes the loader forget the rpath of whoever loads it.
    runpath: str | None = None


def read_elf(path: Path) -> Elf | None:
    """Return the dynamic part, or None of a file that has none: a script, data, another kind of ELF."""
    with path.open("rb") as file:
        if file.read(6) != b"\x7fELF\x02\x01":
            return None
        file.seek(0)
        data = file.read()
    (offset,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    headers = [struct.unpack_from("<IIQQQQQQ", data, offset + index * size) for index in range(count)]
    dynamic = next((header for header in headers if header[0] == _PT_DYNAMIC), None)
    if dynamic is None:
        return None
    elf = Elf()
    for kind, _, start, _, _, length, _, _ in headers:
        if kind == _PT_INTERP:
            elf.interpreter = data[start : start + length].rstrip(b"\0").decode()
    entries = list(struct.iter_unpack("<QQ", data[dynamic[2] : dynamic[2] + dynamic[5] // 16 * 16]))
    strings = _file_offset(headers, next((value for tag, value in entries if tag == _DT_STRTAB), 0))
    for tag, value in entries:
        if tag == _DT_NEEDED:
            elf.needed.append(_string(data, strings + value))
        elif tag == _DT_RPATH:
            elf.rpath = _string(data, strings + value)
        elif tag == _DT_RUNPATH:
            elf.runpath = _string(data, strings + value)
    return elf


def _file_offset(headers: list[tuple[int, ...]], address: int) -> int:
    """Where in the file lies what is loaded at an address."""
    for kind, _, start, virtual, _, length, _, _ in headers:
        if kind == _PT_LOAD and virtual <= address < virtual + length:
            return start + address - virtual
    return address


def _string(data: bytes, start: int) -> str:
    return data[start : data.index(b"\0", start)].decode()
