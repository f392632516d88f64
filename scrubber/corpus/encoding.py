"""JSON of whatever a record may hold, as bytes."""

from __future__ import annotations

import base64
import json
from typing import Any

import orjson


def json_line(value: Any) -> bytes:
    """Return a value as JSON on one line; lone surrogates stay, as escapes, bytes that are no text become base64."""
    try:
        return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:  # a lone surrogate, a number beyond 64 bits
        return json.dumps(value, default=_plain, separators=(",", ":")).encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return base64.b64encode(value).decode("ascii")
    return str(value)
