"""Dead letters: records that gave no article, each with its reason and its raw input."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

import orjson

from scrubber.corpus.answers import Fault
from scrubber.corpus.encoding import json_line
from scrubber.corpus.entries import RAW_SHOWN, Entry

ADDRESS = re.compile(r"0x[0-9a-f]{4,}")
"""Addresses in memory, which the words of errors hold and which differ from run to run."""

DETAIL = 500
"""Characters of what there is to say of a fault."""


def letter(entry: Entry, fault: Fault, kind: str, source: str) -> bytes:
    """Return a dead letter as a line of JSON.

    Its keys: `source` and `place` say where the record stands, `kind` how it is read, `fault` and `detail` what was
    wrong; `raw` is the record, as text, or where it is no UTF-8 as base64 in `raw_base64`. A record over
    `RAW_SHOWN` bytes is cut there, which `raw_cut` says.
    """
    raw = entry.raw if isinstance(entry.raw, bytes) else json_line(entry.raw)
    said = {
        "fault": fault.word,
        "detail": ADDRESS.sub("0x…", fault.detail)[:DETAIL],
        "kind": kind,
        "source": source,
        "place": entry.place,
        **({"raw_cut": True} if len(raw) > RAW_SHOWN else {}),
        **_written(raw[:RAW_SHOWN]),
    }
    return json_line(said) + b"\n"


def _written(raw: bytes) -> dict[str, str]:
    try:
        return {"raw": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"raw_base64": base64.b64encode(raw).decode("ascii")}


def raw_of(read: Mapping[str, Any]) -> bytes:
    """Return the raw input that a dead letter holds."""
    if "raw_base64" in read:
        return base64.b64decode(read["raw_base64"])
    return str(read["raw"]).encode("utf-8", "surrogatepass")


def read_letter(line: bytes) -> dict[str, Any]:
    """Read a dead letter. Raises ValueError where the line is none."""
    read = orjson.loads(line)
    if not isinstance(read, dict) or not {"fault", "kind", "source", "place"} <= read.keys():
        raise ValueError("this is no dead letter")
    return read
