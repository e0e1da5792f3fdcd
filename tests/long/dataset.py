"""Some sixty documents and conversations that meet every fate, and a second delivery that changes every table."""

from pathlib import Path
from typing import Any

from ..jobs.mill import Mill, prose

MAIL = "anna.muster@example.org"
LIMITS = {"gopher_quality.word_count": {"minimum": 20}, "gopher_quality.stop_word_count": {"minimum": 1}}


def new_mill(folder: Path, **keys: Any) -> Mill:
    """A mill with the whole recipe and no inputs yet."""
    keys.setdefault("language", {"keep": ["en"], "minimum_confidence": 0.1})
    keys.setdefault("quality", {"rules": ["gopher_quality"], "limits": dict(LIMITS)})
    for stage in ("exact_dedup", "near_dedup"):  # with fixed keepers the order of the deliveries would count
        keys.setdefault(stage, {"keepers": "elected"})
    keys.setdefault("outputs", ["corpus", "pretraining_sequences", "sft_conversations"])
    mill = Mill(folder, **keys)
    mill.recipe["sources"].append({"name": "chats", "path": "chats/*.jsonl", "content_type": "conversation"})
    (folder / "chats").mkdir(exist_ok=True)
    return mill


def page(name: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "text": text, "author": "Redaktion", **more}


def chat(name: str, seed: int) -> dict[str, Any]:
    question, answer = ({"role": r, "content": prose(s, 10)} for r, s in (("user", seed), ("assistant", seed + 1)))
    return {"id": name, "messages": [question, answer]}


def first_delivery(mill: Mill) -> None:
    base = prose(1, 200)
    mill.write(
        "a.jsonl",
        page("long", base + " One sentence more than the others."),
        page("near", base),
        page("copy", base + "\n"),
        page("mail", f"Write to {MAIL} if you like. {prose(2)}", author=MAIL),
        page("empty", "   "),
        page("short", "Too short to stay, this one."),
        page("twice", "an older record"),
        f'{{"id": "broken", "text": "{MAIL}',
    )
    mill.write("b.jsonl", page("twice", prose(3)), {"id": "nothing", "author": MAIL})
    mill.write("c.jsonl", *(page(f"more {n}", prose(100 + n)) for n in range(40)))
    mill.write("../chats/a.jsonl", *(chat(f"chat {n}", 1000 + 2 * n) for n in range(6)), {"id": "odd", "messages": []})


def second_delivery(mill: Mill) -> None:
    """New, changed and removed documents: each stage has something to write, to replace and to take away."""
    mill.write(
        "d.jsonl",
        page("more 1", prose(500)),  # a changed text
        page("more 2", "Too short from now on."),
        page("long", f"Call me, {MAIL}. {prose(501)}"),  # no duplicate of the others any more
        page("copy of more 3", prose(103)),
        page("near more 4", prose(104, 50)),
        page("mail", prose(2)),  # nothing to replace any more
        page("new", f"Or write to {MAIL}. {prose(502)}"),
        '{"id": "cut off',
    )
    mill.write("../chats/b.jsonl", chat("chat 1", 3000), chat("chat 9", 3100))
