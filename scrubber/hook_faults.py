"""What is wrong with a plugin's hooks, in words: which one, where it stands, and what to do."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Sequence
from inspect import getattr_static

from scrubber import hookspecs
from scrubber.errors import PluginError
from scrubber.hookspecs import GROUP

NO_WRAPPER = "is marked as a wrapper, and there is nothing to wrap. Mark it with a bare @hookimpl."


def bad_hook(plugin: object, name: str) -> PluginError:
    """Say which hook is not right: one that does not exist, or one that asks for arguments."""
    marked = [attribute for attribute in dir(plugin) if _is_marked(getattr_static(plugin, attribute, None))]
    unknown = next((hook for hook in marked if hook not in _hooks()), None)
    if unknown is None:
        bad, fault = _bad_shape(plugin, marked)
        return PluginError(f"{name}{place_of(plugin, bad)}: hook “{bad}” {fault}")
    close = difflib.get_close_matches(unknown, _hooks(), 1)
    hint = f"Did you mean “{close[0]}”?" if close else f"Valid are: {hook_names()}."
    return PluginError(f"{name}{place_of(plugin, unknown)}: unknown hook “{unknown}”. {hint}")


def _bad_shape(plugin: object, hooks: Sequence[str]) -> tuple[str, str]:
    """Return the hook that is not right though its name is, and what is wrong with it."""
    for hook in hooks:
        if getattr(plugin, hook).__code__.co_argcount > _is_method(plugin, hook):
            return hook, "takes no arguments."
    marked = ((hook, getattr(getattr(plugin, hook), f"{GROUP}_impl")) for hook in hooks)
    wrappers = (hook for hook, options in marked if options.get("wrapper") or options.get("hookwrapper"))
    return next(wrappers, hooks[0]), NO_WRAPPER


def place_of(plugin: object, hook: str) -> str:
    """Name the line of a hook, and its file where the plugin is no file itself."""
    code = getattr(plugin, hook).__code__
    line = f"line {code.co_firstlineno}"
    return f", {line}" if inspect.ismodule(plugin) else f" ({code.co_filename}, {line})"


def _is_method(plugin: object, hook: str) -> bool:
    return inspect.ismethod(getattr(plugin, hook))


def _is_marked(thing: object) -> bool:
    return hasattr(thing, f"{GROUP}_impl")


def _hooks() -> list[str]:
    return [name for name in vars(hookspecs) if name.startswith("register_")]


def hook_names() -> str:
    """Return the hooks that there are, in words."""
    return " or ".join(_hooks())
