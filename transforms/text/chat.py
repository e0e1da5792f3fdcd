"""Conversations: records of several forms to one list of messages, and messages to token ids with a mask.

A message is `{"role": "system" | "user" | "assistant", "content": str}`. A conversation may begin with the system's;
then user and assistant take turns, and the last turn is the assistant's: an unanswered question teaches nothing, and is
more often the end of a cut export than meant. What cannot be used as it is gets a ChatError, never a silent repair.
Errors name a message by its number, from 0, and never show content.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from corpusmill.transforms.text.chat_template import ChatError, ChatTemplate, chat_template
from corpusmill.transforms.text.tokens import Ids, Tokenizer

Messages = list[dict[str, str]]

ROLES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "prompter": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bot": "assistant",
    "model": "assistant",
}
TOOL_ROLES = ("tool", "tool_call", "tool_response", "function", "function_call", "function_response", "observation")
# Filled, these would be lost without a word.
UNSUPPORTED_IN_RECORD = ("tools", "functions")
UNSUPPORTED_IN_MESSAGE = ("tool_calls", "tool_call_id", "function_call", "reasoning_content", "reasoning", "thinking")


class Rendered(NamedTuple):
    """A conversation as a model reads it; both arrays int32, of the same length."""

    input_ids: Ids
    assistant_mask: Ids  # 1 on the tokens to learn: each answer and the token that ends it


def messages_of(record: dict[str, Any], field: str | None = None) -> Messages:
    """The messages of a record: of `field`, else by the first of FORMATS whose fields it has.

    >>> messages_of({"instruction": "Add.", "input": "1 + 1", "output": "2"})
    [{'role': 'user', 'content': 'Add.\\n\\n1 + 1'}, {'role': 'assistant', 'content': '2'}]

    Raises ChatError: no conversation in it, or one that cannot be used (the module's docstring says which).
    """
    _refuse(record, UNSUPPORTED_IN_RECORD, "the record")
    if field is not None:
        if record.get(field) is None:
            raise ChatError(f"the record has no field {field!r}, which `fields: {{messages: {field}}}` names")
        found = record[field]
    else:
        convert = next((to for names, to in FORMATS if all(record.get(name) is not None for name in names)), None)
        if convert is None:
            wanted = ", ".join(" + ".join(names) for names, _ in FORMATS)
            raise ChatError(f"no conversation in the record: wanted the fields {wanted}")
        found = convert(record)
    if not isinstance(found, list):
        raise ChatError("the conversation is not a list of messages")
    messages = [_message(number, message) for number, message in enumerate(found)]
    if record.get("system"):
        messages.insert(0, {"role": "system", "content": _content("`system`", record["system"])})
    _check(messages)
    return messages


def joined(messages: Messages) -> str:
    """The contents, a blank line between them: the text of a conversation.

    >>> joined([{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Good morning"}])
    'Hello\\n\\nGood morning'
    """
    return "\n\n".join(message["content"] for message in messages)


def render(messages: Messages, tokenizer: Tokenizer) -> Rendered:
    """Ids of the conversation in the tokenizer's chat template, and which of them the assistant is to learn.

    Learnt are an answer and its end token; the role header before it and the line end after it are not. A control token
    in a message's content is split like other text: only those that the template writes are control tokens.
    Raises ChatError if the template refuses this conversation, cannot be divided into its turns, or leaves nothing to
    learn; UserError if there is no template, or one that masks every conversation wrongly.
    """
    template = chat_template(tokenizer)
    text, learnt, quoted = template.render(messages)
    if quoted:
        ids, starts = _encode_apart(text, quoted, template, tokenizer)
    else:
        ids, starts = _encode(text, tokenizer)
    at = np.array(starts)
    mask = np.zeros(len(ids), dtype=np.int32)
    for begin, end in learnt:
        # A token that begins in the header is the header's, also where it reaches into the answer.
        mask[(at >= begin) & (at < end)] = 1
    if not mask.any():
        raise ChatError("nothing to learn: the chat template marks no token of this conversation")
    return Rendered(np.array(ids, dtype=np.int32), mask)


def _encode(text: str, tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """Ids, and the character at which each token begins; every control token counts."""
    encoding = tokenizer.chat_backend.encode(text, add_special_tokens=False)
    return encoding.ids, [start for start, _ in encoding.offsets]


def _encode_apart(
    text: str, quoted: set[int], template: ChatTemplate, tokenizer: Tokenizer
) -> tuple[list[int], list[int]]:
    """As `_encode`, but the control tokens at `quoted` are text: the others become their ids, all between is split."""
    ids, starts = _between_controls(text, quoted, template, tokenizer)
    special = set(tokenizer.special_tokens.values())
    written = sum(match.start() not in quoted for match in template.control.finditer(text))
    # Is encoding in pieces the same as encoding at once? Not with a tokenizer that adds a space to each piece.
    unquoted = template.control.sub(lambda token: "" if token.start() in quoted else token.group(), text)
    alike = _between_controls(unquoted, set(), template, tokenizer)[0] == _encode(unquoted, tokenizer)[0]
    if not alike or sum(id_ in special for id_ in ids) != written:
        raise ChatError("a message contains a control token that this tokenizer cannot tell from the template's own")
    return ids, starts


def _between_controls(
    text: str, quoted: set[int], template: ChatTemplate, tokenizer: Tokenizer
) -> tuple[list[int], list[int]]:
    ids: list[int] = []
    starts: list[int] = []
    at = 0
    controls = [(m.start(), m.end(), m.group()) for m in template.control.finditer(text) if m.start() not in quoted]
    for begin, end, token in [*controls, (len(text), len(text), "")]:
        encoding = tokenizer.backend.encode(text[at:begin], add_special_tokens=False)
        ids += encoding.ids
        starts += [at + start for start, _ in encoding.offsets]
        if token:
            ids.append(tokenizer.special_tokens[token])
            starts.append(begin)
        at = end
    return ids, starts


def _instruction(record: dict[str, Any]) -> list[Any]:
    question = _content("`instruction`", record["instruction"])
    if record.get("input"):
        question += "\n\n" + _content("`input`", record["input"])
    return [*_history(record), *_turns(question, record["output"])]


def _prompt(record: dict[str, Any]) -> list[Any]:
    prompt, completion = record["prompt"], record["completion"]
    asked, answered = _turns(prompt, completion)
    return [
        *(prompt if isinstance(prompt, list) else [asked]),
        *(completion if isinstance(completion, list) else [answered]),
    ]


def _query(record: dict[str, Any]) -> list[Any]:
    return [*_history(record), *_turns(record["query"], record["response"])]


def _history(record: dict[str, Any]) -> list[Any]:
    history = record.get("history") or []
    if not isinstance(history, list) or any(not isinstance(pair, list | tuple) or len(pair) != 2 for pair in history):
        raise ChatError("`history` is not a list of pairs of question and answer")
    return [message for question, answer in history for message in _turns(question, answer)]


def _turns(question: Any, answer: Any) -> list[Any]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


FORMATS: tuple[tuple[tuple[str, ...], Callable[[dict[str, Any]], Any]], ...] = (
    (("messages",), lambda record: record["messages"]),  # OpenAI
    (("conversations",), lambda record: record["conversations"]),  # ShareGPT
    (("instruction", "output"), _instruction),  # Alpaca; with input, history
    (("prompt", "completion"), _prompt),  # each a text or a list of messages
    (("query", "response"), _query),  # with history
)


def _message(number: int, message: Any) -> dict[str, str]:
    where = f"message {number}"
    if not isinstance(message, dict):
        raise ChatError(f"{where} is not an object with a role and a content")
    _refuse(message, UNSUPPORTED_IN_MESSAGE, where)
    if message.get("weight") not in (None, 1):
        raise ChatError(f"{where} has a `weight` other than 1, which is not supported yet")
    role = str(message.get("role") or message.get("from")).lower()
    if role in TOOL_ROLES:
        raise ChatError(f"{where} is a tool's, which is not supported yet")
    if role not in ROLES:
        raise ChatError(f"{where} has no role, or an unknown one (known: {', '.join(ROLES)})")
    content = message.get("content") if message.get("content") is not None else message.get("value")
    return {"role": ROLES[role], "content": _content(f"{where} ({ROLES[role]})", content)}


def _content(where: str, content: Any) -> str:
    if isinstance(content, list):
        if not all(isinstance(part, dict) and part.get("type") == "text" for part in content):
            raise ChatError(f"{where} has parts other than text, which is not supported yet")
        content = "".join(str(part.get("text", "")) for part in content)
    if content is not None and not isinstance(content, str):
        raise ChatError(f"{where} has a content that is not a string")
    if content is None or not content.strip():
        raise ChatError(f"{where} is empty")
    return content


def _check(messages: Messages) -> None:
    roles = [message["role"] for message in messages]
    for role in ("user", "assistant"):
        if role not in roles:
            raise ChatError(f"no message of the {role}")
    if "system" in roles[1:]:
        raise ChatError(f"message {roles.index('system', 1)} is a system message, which may only be the first")
    for number, (role, following) in enumerate(pairwise(roles), start=1):
        if role == following:
            raise ChatError(f"message {number} has the same role as the one before it ({role})")
    if roles[-1] != "assistant":
        raise ChatError("the last message is the user's: there is no answer to learn from")


def _refuse(fields: dict[str, Any], unsupported: tuple[str, ...], where: str) -> None:
    for name in unsupported:
        if fields.get(name):
            raise ChatError(f"{where} has `{name}`, which is not supported yet")
