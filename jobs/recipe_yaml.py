"""A recipe's YAML as plain values, each with the place that it stands at: a line of the file, or a `--set`."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

Key = tuple[str | int, ...]

# Keys of this mapping hold one dot themselves: `--set quality.limits.gopher_quality.word_count.minimum=30`.
DOTTED_KEYS_IN = ("quality", "limits")
TAG = "tag:yaml.org,2002:"


class Problem(NamedTuple):
    """Something wrong with a recipe, at a key."""

    path: Key
    what: str


@dataclass
class Document:
    """A recipe as read: its plain values (`tree`), where each key and list item stands, and what is wrong."""

    file: str
    tree: Any = None
    places: dict[Key, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Key) -> str:
        """Where the key stands, or the nearest one around it."""
        while path and path not in self.places:
            path = path[:-1]
        return f"{self.file}, {self.places.get(path, 'line 1')}"

    def get(self, path: Key) -> Any:
        """The value at a path that exists."""
        value = self.tree
        for part in path:
            value = value[part]
        return value

    def put(self, path: Key, value: Any) -> None:
        """Another value at a path that exists."""
        self.get(path[:-1])[path[-1]] = value

    def message(self) -> str:
        """All problems in one text, a line each, in the order of the file."""
        lines = sorted((_order(self.place(path)), self._line(path, what)) for path, what in self.problems)
        texts = list(dict.fromkeys(text for _, text in lines))
        return texts[0] if len(texts) == 1 else f"{self.file} has {len(texts)} errors\n" + "\n".join(texts)

    def _line(self, path: Key, what: str) -> str:
        place, key = self.place(path), dotted(path)
        return f"{place}: {what}" if place.endswith(f"--set {key}") or not key else f"{place}: {key}: {what}"


def dotted(path: Key) -> str:
    """A key as messages name it.

    >>> dotted(("sources", 0, "path"))
    'sources[0].path'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def read(text: str, file: str) -> Document:
    """The document of a YAML text; what is wrong with it stands in `problems`."""
    document = Document(file)
    try:
        _Reader(document).read(yaml.compose(text, Loader=_Yaml))
        return document
    except RecursionError:
        line, why = 1, "lists or mappings are nested too deep"
    except yaml.reader.ReaderError as error:
        line, why = text[: error.position].count("\n") + 1, f"the character U+{ord(text[error.position]):04X}"
    except yaml.MarkedYAMLError as error:
        line, why = _line(error.problem_mark), str(error.problem)
        if error.context and _line(error.context_mark) < line:
            why += f" ({error.context} that begins in line {_line(error.context_mark)})"
    document.places[()] = f"line {min(line, max(1, len(text.splitlines())))}"
    document.problems.append(Problem((), f"not valid YAML: {why}"))
    return document


def override(document: Document, setting: str) -> None:
    """Set one key, as in `--set near_dedup.bands=20`; `KEY=null` takes the key out."""
    name, equals, text = setting.partition("=")
    path = _path(name)
    if not equals or not path:
        document.places[(name,)] = f"--set {name}"
        document.problems.append(Problem((name,), "give a key and a value, as in --set near_dedup.bands=20"))
        return
    value = read(text, document.file)
    if not text.strip():
        value.problems.append(Problem((), "has no value; write null to take the key out"))
    holder, problem = _holder(document, path, name)
    document.problems += [Problem(path + p.path, p.what) for p in value.problems]
    document.places |= {path + part: f"--set {name}" for part in [*value.places, ()]}
    if problem or value.problems:
        document.places |= {problem.path: f"--set {name}"} if problem else {}
        document.problems += [problem] if problem else []
    elif value.tree is None and isinstance(holder, dict):
        if holder.pop(path[-1], None) is None:
            document.problems.append(Problem(path, "is not in the recipe, so there is nothing to take out"))
    else:
        holder[path[-1]] = value.tree


def dump(tree: Any) -> str:
    """The YAML of a recipe, its keys in their order."""
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=120)


def _path(name: str) -> Key:
    """`sources.0.path` and `sources[0].path` name the same key."""
    parts = re.sub(r"\[(\d+)\]", r".\1", name.strip()).split(".")
    n = len(DOTTED_KEYS_IN)
    if tuple(parts[:n]) == DOTTED_KEYS_IN and len(parts) > n + 1:
        parts[n : n + 2] = [f"{parts[n]}.{parts[n + 1]}"]
    return () if "" in parts else tuple(int(part) if part.isdigit() else part for part in parts)


def _holder(document: Document, path: Key, name: str) -> tuple[Any, Problem | None]:
    """The mapping or list that holds the last part of the path; mappings that are missing are made."""
    value = document.tree
    for number, part in enumerate(path):
        if isinstance(value, list) and (not isinstance(part, int) or part >= len(value)):
            have = f"0 to {len(value) - 1}" if value else "none"
            return None, Problem(path[:number], f"is a list; {part} is none of its numbers ({have})")
        if not isinstance(value, list | dict):
            return None, Problem(path[:number], f"is no mapping; nothing can be set in it by --set {name}")
        if number == len(path) - 1:
            break
        if isinstance(value, dict) and value.get(str(part)) is None:
            value[str(part)] = {}
            document.places[path[: number + 1]] = f"--set {name}"
        value = value[part if isinstance(value, list) else str(part)]
    return value, None


def _line(mark: yaml.Mark | None) -> int:
    """The line of a mark, from 1."""
    return mark.line + 1 if mark else 1


def _order(place: str) -> tuple[int, str]:
    """Lines of the file by number, then what was set on the command line."""
    line = re.search(r", line (\d+)$", place)
    return (int(line[1]), "") if line else (10**9, place)


class _Yaml(yaml.SafeLoader):
    """YAML 1.2's core schema: `no` is a text (Norwegian), not false; a date is a text; 1e9 is a number."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (PyYAML copies it for each class)


for _kind, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9][0-9_]*", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Yaml.add_implicit_resolver(TAG + _kind, re.compile(f"^(?:{_pattern})$"), _first)


class _Reader:
    """Turns YAML nodes into values, and notes where each stands."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.within: list[yaml.Node] = []

    def read(self, node: yaml.Node | None) -> None:
        self.document.tree = None if node is None else self.value(node, ())

    def value(self, node: yaml.Node, path: Key) -> Any:
        if any(node is outer for outer in self.within):
            return self.refuse(path, "contains itself")
        self.within.append(node)
        try:
            kind = node.tag.removeprefix(TAG)
            if isinstance(node, yaml.MappingNode) and kind == "map":
                return self.mapping(node, path)
            if isinstance(node, yaml.SequenceNode) and kind == "seq":
                return [self.item(item, (*path, number)) for number, item in enumerate(node.value)]
            return self.scalar(kind if isinstance(node, yaml.ScalarNode) else node.tag, node.value, path)
        finally:
            self.within.pop()

    def mapping(self, node: yaml.MappingNode, path: Key) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = f"line {key_node.start_mark.line + 1}"
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse(path, f"a key in {line} is a list or mapping; keys are names")
                continue
            key = key_node.value
            here = (*path, key)
            if key in values:
                first = self.document.places[here]
                self.document.places[here] = line
                self.refuse(here, f"stands here a second time; the first is in {first}")
                continue
            self.document.places[here] = line
            values[key] = self.value(value_node, here)
        return values

    def item(self, node: yaml.Node, path: Key) -> Any:
        self.document.places[path] = f"line {node.start_mark.line + 1}"
        return self.value(node, path)

    def scalar(self, kind: str, text: str, path: Key) -> Any:
        if kind == "null":  # `anonymise:` alone might mean its defaults, or no anonymisation
            what = "has no value; give one ({} for a stage's defaults), or leave the key out"
            return self.refuse(path, what) if path else None
        try:
            if kind == "int":
                return int(text.replace("_", ""))
            if kind == "float":
                number = float(text.replace("_", ""))
                return int(number) if "." not in text and number.is_integer() else number  # 1e9 counts tokens
        except ValueError:
            return self.refuse(path, "is no number that can be used")
        if kind in ("str", "bool"):
            return text if kind == "str" else text.lower() == "true"
        return self.refuse(path, f"has the tag {kind.removeprefix(TAG)}, which means nothing in a recipe")

    def refuse(self, path: Key, what: str) -> None:
        self.document.problems.append(Problem(path, what))
