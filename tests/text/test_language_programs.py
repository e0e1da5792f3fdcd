"""Programs with long comments have no language; what is written about programs has one."""

import pytest

from corpusmill.transforms.text.language import load

SAID = {
    "en": "Returns the number of lines that were read from the file. When the file does not exist, nothing is read, "
    "and the caller is told so. Lines that are longer than the limit are cut, and what was cut is not counted.",
    "de": "Gibt die Anzahl der Zeilen zurück, die aus der Datei gelesen wurden. Wenn es die Datei nicht gibt, wird "
    "nichts gelesen, und der Aufrufer erfährt davon. Zeilen, die zu lang sind, werden gekürzt.",
}
QUOTES = '"' * 3


def framed(text: str, mark: str) -> str:
    """The text in lines of ten words, each after a mark."""
    words = text.split()
    return "\n".join(f"{mark}{' '.join(words[i : i + 10])}" for i in range(0, len(words), 10))


def python(said: str, quotes: str = QUOTES) -> str:
    body = framed(said, "        ").lstrip()
    return f"""class Reader:
    def read(self, path: Path) -> int:
        {quotes}{body}
        {quotes}
        lines = self.lines(path)
        return len(lines)
"""


def java(said: str) -> str:
    return f"""/**
{framed(said, " * ")}
 */
public int read(Path path) {{
    List<String> lines = lines(path);
    return lines.size();
}}
"""


def shell(said: str) -> str:
    return f'#!/bin/sh\n{framed(said, "# ")}\nif [ -f "$1" ]; then\n    wc -l "$1"\nfi\n'


def perl(said: str) -> str:
    return f"""sub lines {{
    my ($path) = @_;
    return scalar(read_file($path));
}}

=head1 NAME

{framed(said, "")}

=cut

1;
"""


WRITTEN = {"Python": python, "Java": java, "shell": shell, "Perl": perl}


def languages(*texts: str) -> list[str]:
    return load(None).identify(list(texts))[0]


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("kind", WRITTEN)
def test_a_program_that_is_mostly_comments_is_undetermined(kind: str, language: str) -> None:
    program = WRITTEN[kind](SAID[language])
    assert languages(program, program * 20) == ["und", "und"]


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("kind", WRITTEN)
def test_a_text_about_a_program_has_its_language(kind: str, language: str) -> None:
    """The same program as a listing between paragraphs."""
    said, program = SAID[language], WRITTEN[kind](SAID[language])
    tutorial = f"{said}\n\n{said}\n\n{program}\n{said}\n\n{said}\n"
    assert languages(tutorial, tutorial * 20, f"{tutorial}\n{program}") == [language] * 3


def test_the_description_of_an_empty_package_has_its_language() -> None:
    """There is hardly any code."""
    packages = [f"{QUOTES}{framed(said, '')}{QUOTES}\n\nVERSION = 3\n" for said in SAID.values()]
    assert languages(*packages) == list(SAID)


def test_a_part_of_a_program_that_begins_within_a_comment_is_undetermined() -> None:
    _, _, rest = python(SAID["en"]).partition(QUOTES)
    _, _, block = java(SAID["en"]).partition("/**\n")
    assert languages(rest, block) == ["und", "und"]


def test_a_program_that_is_cut_off_within_a_comment_is_undetermined() -> None:
    whole = python(SAID["en"])
    assert languages(whole + whole[: whole.rindex(QUOTES)]) == ["und"]


@pytest.mark.parametrize("sign", ["/*", QUOTES, "*/", "'''", "<!--", "#", "//"])
def test_a_sign_of_comments_in_prose_begins_none(sign: str) -> None:
    text = f"A comment begins with {sign} and ends with its line, as len(x) == 2 does. {SAID['en']}\n\n{SAID['en']}"
    assert languages(text, text.replace(f" {sign} ", f" `{sign}` ")) == ["en", "en"]


def test_patterns_for_files_are_no_comments() -> None:
    said = SAID["en"]
    assert languages(f"{said}\n\n    ls src/*/*.c docs/*/*.md\n\n{said}\n\n    rm build/*/*.o\n\n{said}") == ["en"]


def test_a_markdown_text_with_headings_and_calls_has_its_language() -> None:
    text = f"# Lesen\n\n{SAID['de']}\n\n## Aufruf\n\n    n = read(path)\n    print(n)\n\n"
    assert languages(text, text * 3) == ["de", "de"]


def test_a_table_of_codes_is_undetermined_and_a_sentence_with_one_is_not() -> None:
    table = "\n".join(f"    0x00{n}: 0x25{n},     #  BOX DRAWINGS LIGHT DOWN AND LEFT" for n in range(40, 60))
    assert languages(table, f"The byte 0x41: a letter. {SAID['en']}") == ["und", "en"]


def test_half_a_surrogate_pair_in_a_program_is_read() -> None:
    assert languages(python(SAID["en"]) + "# \ud800\n") == ["und"]
