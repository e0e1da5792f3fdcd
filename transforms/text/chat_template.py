"""A tokenizer's chat template: renders a conversation and says which characters the assistant is to learn.

Where the template has `{% generation %}` markers, they say it. Where not, the conversation is rendered turn by turn:
what an answer adds to the text before it, which ends with the generation prompt, is what is learnt; that holds only if
each rendering is a prefix of the next, which is checked. Templates run in Jinja's sandbox with what they find in
transformers (trim_blocks, lstrip_blocks, break and continue, tojson, raise_exception), except `strftime_now`: a dataset
must not depend on the day it was made, and templates that ask for the date have a constant for where there is none.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text.tokens import Tokenizer

GENERATION = re.compile(r"\{%[-+]?\s*generation\s*[-+]?%\}")
# Code points that Unicode leaves to a program's own use and no text has. Three that the conversation really does not
# contain mark places in the rendered text: where an answer begins, where it ends, and a quoted control token.
NONCHARACTERS = tuple(map(chr, range(0xFDD0, 0xFDF0)))
PROBE = ({"role": "user", "content": "Ping?"}, {"role": "assistant", "content": "Pong."})


class ChatError(UserError):
    """A conversation cannot be used; the message says why and never shows its content."""


class Rendering(NamedTuple):
    """A conversation as text."""

    text: str
    learnt: list[tuple[int, int]]  # half-open ranges of characters
    quoted: set[int]  # where control tokens begin that stand in a message's content


class ChatTemplate:
    """Made by `chat_template`, which also checks it."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.source = tokenizer.chat_template or ""
        self.named_tokens = tokenizer.named_tokens
        self.control_tokens = tuple(sorted(tokenizer.special_tokens, key=len, reverse=True))
        # The longest first, as the library finds them; (?!) never matches.
        self.control = re.compile("|".join(map(re.escape, self.control_tokens)) or "(?!)")
        self.template = _environment().from_string(self.source)

    def render(self, messages: Sequence[dict[str, str]]) -> Rendering:
        """Raises ChatError if the template refuses the conversation or cannot be divided into its turns."""
        contents = "".join(message["content"] for message in messages)
        free = [mark for mark in NONCHARACTERS if mark not in contents]
        if len(free) < 3:
            raise ChatError("a message contains noncharacters (U+FDD0 to U+FDEF)")
        begin, end, quote = free[:3]
        quoting = [
            {**message, "content": self.control.sub(lambda token: quote + token.group(), message["content"])}
            for message in messages
        ]
        if GENERATION.search(self.source):
            return _unmarked(self._run(quoting, begin=begin, end=end), begin, end, quote)
        return _unmarked(self._marked_by_prefix(quoting, begin, end), begin, end, quote)

    def check(self) -> None:
        """Raises UserError if the mask would be wrong for every conversation: tried with one question and answer."""
        question, answer = PROBE
        text, learnt, _ = self.render(PROBE)
        begin, end = learnt[-1] if learnt else (0, 0)
        lead, found, rest = text[begin:end].partition(answer["content"])
        if not found:
            raise UserError("it does not mark the assistant's answer as generated")
        header, no_header = self._run([question], add_generation_prompt=True), self._run([question])
        if (text.startswith(header) and begin < len(header)) or (header == no_header and lead.strip()):
            raise UserError("the role header would be learnt with the answer")
        if self.control.search(text[end:]) and not rest.rstrip().endswith(self.control_tokens):
            raise UserError("the token that ends a turn would not be learnt: it must stand inside {% generation %}")

    def _marked_by_prefix(self, messages: Sequence[dict[str, str]], begin: str, end: str) -> str:
        whole = self._run(messages)
        marked, at = "", 0
        for turn, message in enumerate(messages):
            if message["role"] != "assistant":
                continue
            before = self._run(messages[:turn], add_generation_prompt=True)
            after = self._run(messages[: turn + 1])
            if not (after.startswith(before) and whole.startswith(after)):
                raise ChatError(
                    f"the chat template changes what stands before message {turn} when it is added, so that the "
                    "answer cannot be told from the rest: use a template with {% generation %} markers"
                )
            learnt = after[len(before) :]
            if learnt.rstrip().endswith(
                self.control_tokens
            ):  # a line end after the end token is not for the model to write
                learnt = learnt.rstrip()
            marked += whole[at : len(before)] + begin + learnt + end
            at = len(before) + len(learnt)
        return marked + whole[at:]

    def _run(
        self, messages: Sequence[dict[str, str]], add_generation_prompt: bool = False, begin: str = "", end: str = ""
    ) -> str:
        try:
            return self.template.render(
                messages=messages,
                tools=None,
                documents=None,
                add_generation_prompt=add_generation_prompt,
                generation_begin=begin,
                generation_end=end,
                **self.named_tokens,
            )
        except Exception as error:  # a template is a program, and may fail in any way
            # Its message is shown if it is written in the template; another could hold content.
            reason = str(error) if str(error) in self.source else type(error).__name__
            raise ChatError(f"the chat template refuses this conversation: {reason}") from None


@lru_cache(maxsize=4)
def chat_template(tokenizer: Tokenizer) -> ChatTemplate:
    """The chat template of the tokenizer. Raises UserError if it has none, or none that can be used."""
    if not tokenizer.chat_template:
        raise UserError(
            f"tokenise.tokenizer: {tokenizer.name} has no chat template, and sft_conversations needs one. Leave "
            "`tokenizer` out (the embedded one has it), or give a folder with a chat_template in tokenizer_config.json"
        )
    try:
        template = ChatTemplate(tokenizer)
        template.check()
    except (UserError, jinja2.TemplateSyntaxError) as error:
        raise UserError(f"tokenise.tokenizer: the chat template of {tokenizer.name} cannot be used: {error}") from error
    return template


def _unmarked(marked: str, begin: str, end: str, quote: str) -> Rendering:
    text, learnt, quoted = "", [], set()
    opened = 0
    for part in re.split(f"([{begin}{end}{quote}])", marked):
        if part == begin:
            opened = len(text)
        elif part == end:
            learnt.append((opened, len(text)))
        elif part == quote:
            quoted.add(len(text))
        else:
            text += part
    return Rendering(text, learnt, quoted)


class _Generation(Extension):
    """`{% generation %}...{% endgeneration %}`: its body between two marks, in a scope of its own."""

    tags = {"generation"}  # noqa: RUF012 (declared so by Jinja)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope([_output("generation_begin"), *body, _output("generation_end")]).set_lineno(line)


def _output(variable: str) -> nodes.Output:
    return nodes.Output([nodes.Name(variable, "load")])


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, "jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _tojson
    environment.globals["raise_exception"] = _raise_exception
    return environment


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def _raise_exception(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)
