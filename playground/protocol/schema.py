"""Check values against the Bot API's schema (``schema.json``; its sources are in ``schema.NOTICE.txt``)."""

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

# An object of the Bot API, such as a Message or an Update, as it is written in JSON.
JsonObject = dict[str, Any]

_SCHEMA: JsonObject = json.loads(files("playground.protocol").joinpath("schema.json").read_text("utf-8"))
METHODS: Mapping[str, Any] = _SCHEMA["methods"]
TYPES: Mapping[str, Any] = _SCHEMA["types"]
METHOD_NAMES: Mapping[str, str] = {name.lower(): name for name in METHODS}
UPDATE_TYPES: frozenset[str] = frozenset(TYPES["Update"]["fields"]) - {"update_id"}
BOT_REACTIONS: frozenset[str] = frozenset(TYPES["ReactionTypeEmoji"]["fields"]["emoji"]["enum"])
CHAT_ACTIONS: frozenset[str] = frozenset(METHODS["sendChatAction"]["fields"]["action"]["enum"])

_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
    "InputFile": (str, dict),
}


def check_request(method: str, arguments: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the decoded arguments of a method, nothing if they fit.

    Names that the schema does not know pass, as on the real server.
    """
    fields = METHODS[method]["fields"]
    return _check_fields(fields, arguments, "", strict=False)


def check_answer(method: str, result: Any) -> list[str]:
    """Return what is wrong with a method's result.

    Names that the schema does not know are wrong here, since the playground itself made the result.
    """
    return check(METHODS[method]["returns"], result, "result", strict=True)


def check_update(update: Any) -> list[str]:
    """Return what is wrong with an update that somebody wrote by hand; names newer than the schema pass."""
    return check(["Update"], update, "update", strict=False)


def check(types: Iterable[str], value: Any, path: str, *, strict: bool) -> list[str]:
    """Return what is wrong with a value that should be of one of these types, by the type that fits best.

    `path` names the value in the problems. With `strict`, fields that the schema does not know are problems.
    """
    found = [_check_type(name, value, path, strict=strict) for name in types]
    return min(found, key=len)


def _check_type(name: str, value: Any, path: str, *, strict: bool) -> list[str]:
    if name.startswith("Array of "):
        return _check_array(name.removeprefix("Array of "), value, path, strict=strict)
    if name in _PYTHON_TYPES:
        return _check_scalar(name, value, path)
    if "subtypes" in TYPES[name]:
        return _check_union(TYPES[name]["subtypes"], value, path, strict=strict)
    if not isinstance(value, Mapping):
        return [f"{path}: {name} expected, found {_type_name(value)}"]
    return _check_fields(TYPES[name]["fields"], value, path, strict=strict)


def _check_scalar(name: str, value: Any, path: str) -> list[str]:
    fits = isinstance(value, _PYTHON_TYPES[name]) and isinstance(value, bool) == (name in ("Boolean", "True"))
    if name == "True":
        fits = value is True
    return [] if fits else [f"{path}: {name} expected, found {_type_name(value)}"]


def _check_array(item: str, value: Any, path: str, *, strict: bool) -> list[str]:
    if not isinstance(value, list):
        return [f"{path}: Array of {item} expected, found {_type_name(value)}"]
    return [p for n, each in enumerate(value) for p in _check_type(item, each, f"{path}[{n}]", strict=strict)]


def _check_union(subtypes: list[str], value: Any, path: str, *, strict: bool) -> list[str]:
    """Check against the subtypes whose fixed values (such as ``type``) fit, else against all of them."""
    if isinstance(value, Mapping):
        named = [name for name in subtypes if _fixed_values_fit(TYPES[name].get("fields", {}), value)]
        subtypes = named or subtypes
    return check(subtypes, value, path, strict=strict)


def _fixed_values_fit(fields: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    fixed = {name: spec["enum"] for name, spec in fields.items() if len(spec.get("enum", ())) == 1}
    return bool(fixed) and all(value.get(name) in allowed for name, allowed in fixed.items())


def _check_fields(
    fields: Mapping[str, Any], value: Mapping[str, Any], path: str, *, strict: bool
) -> list[str]:
    at = f"{path}." if path else ""
    problems = [f"{at}{n}: required" for n, spec in fields.items() if spec.get("required") and n not in value]
    for name, each in value.items():
        if name in fields:
            problems += _check_field(fields[name], each, at + name, strict=strict)
        elif strict:
            problems.append(f"{at}{name}: not in the schema")
    return problems


def _check_field(spec: Mapping[str, Any], value: Any, path: str, *, strict: bool) -> list[str]:
    problems = check(spec["types"], value, path, strict=strict)
    allowed = spec.get("enum")
    # The server reads parse_mode in any case, so this does too.
    if not problems and allowed and str(value).casefold() not in {str(a).casefold() for a in allowed}:
        return [f"{path}: not one of the allowed values"]
    return problems


def _type_name(value: Any) -> str:
    return type(value).__name__
