"""Listing: which files a path names, by which uri, and what is said about those that cannot be read."""

import os
from types import SimpleNamespace

import pytest
from pyarrow import fs

from corpusmill.jobs import read_streams
from corpusmill.jobs.read_files import Listing, list_files
from corpusmill.jobs.read_streams import read_chunks
from corpusmill.schemas.errors import UserError

PAGES = ("a.html", "b.htm.gz", "de/c.html", "de/old/d.HTML", "de/[x].html", "data.jsonl.zst")
HIDDEN = (".git/x.html", "_delta_log/0.json", "_SUCCESS", ".hidden.html")


@pytest.fixture
def folder(tmp_path):
    for name in (*PAGES, *HIDDEN):
        (tmp_path / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pages" / name).write_text("x")
    return tmp_path / "pages"


def listing(path, format_="auto") -> Listing:
    return list_files(SimpleNamespace(name="pages", path=str(path), format=format_))


def uris(path, format_="auto") -> list[str]:
    return [file.uri for file in listing(path, format_).files]


def test_a_folder_gives_all_its_files_sorted_without_hidden_ones(folder):
    assert uris(folder) == sorted(PAGES)
    assert uris(f"{folder}/") == sorted(PAGES)


def test_a_glob_from_the_same_folder_gives_the_same_uris(folder):
    assert uris(folder / "**") == uris(folder / "**" / "*") == sorted(PAGES)
    assert uris(folder / "**" / "*.html") == ["a.html", "de/[x].html", "de/c.html"]
    assert uris(folder / "*.htm*") == ["a.html", "b.htm.gz"]
    assert uris(folder / "*" / "c.html") == ["de/c.html"]
    assert uris(folder / "[ab].htm*") == ["a.html", "b.htm.gz"]
    assert uris(folder / "?.html") == ["a.html"]


def test_a_folder_that_a_glob_matches_is_taken_whole(folder):
    assert uris(folder / "d?") == ["de/[x].html", "de/c.html", "de/old/d.HTML"]


def test_a_single_file_has_its_name_as_uri_even_where_it_looks_like_a_glob(folder):
    assert uris(folder / "a.html") == ["a.html"]
    assert uris(folder / "de" / "[x].html") == ["[x].html"]


def test_hidden_files_are_read_where_the_path_spells_them(folder):
    assert uris(folder / ".hidden.html") == [".hidden.html"]
    assert uris(folder / ".h*.html") == [".hidden.html"]
    assert uris(folder / ".git") == ["x.html"]


def test_the_uris_are_the_same_in_another_folder_and_by_a_relative_path(folder, tmp_path, monkeypatch):
    moved = folder.rename(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    assert uris("elsewhere") == uris(moved) == uris("./elsewhere/../elsewhere") == uris(f"file://{moved}")


def test_format_size_and_time_come_with_each_file(folder):
    files = {file.uri: file for file in listing(folder).files}
    assert {uri: file.format for uri, file in files.items()} == {
        uri: "jsonl" if uri.startswith("data") else "html" for uri in PAGES
    }
    assert files["a.html"].size == 1
    assert files["a.html"].modified == os.stat(folder / "a.html").st_mtime_ns
    assert files["a.html"].path == str(folder / "a.html")


def test_files_of_unknown_format_are_named_and_the_others_read(folder):
    for name in ("LICENSE", "scan.xyz", "old.jsonl.xz", "table.parquet.gz"):
        (folder / name).write_text("x")
    assert uris(folder) == sorted(PAGES)
    assert {file.uri: file.error for file in listing(folder).unreadable} == {
        "LICENSE": "unknown format (no suffix); set sources[].format",
        "scan.xyz": "unknown format .xyz; set sources[].format",
        "old.jsonl.xz": ".xz files are not read; unpack it, or compress it with gz, zst or bz2",
        "table.parquet.gz": "a Parquet file is compressed inside; decompress it",
    }


def test_an_explicit_format_takes_files_of_any_name_but_no_archives(tmp_path):
    for name in ("LICENSE", "README.rst", "sources.zip"):
        (tmp_path / name).write_text("x")
    found = listing(tmp_path, "text")
    assert [(file.uri, file.format) for file in found.files] == [("LICENSE", "text"), ("README.rst", "text")]
    assert [file.uri for file in found.unreadable] == ["sources.zip"]


def test_loops_of_links_end_and_links_to_elsewhere_are_followed(folder, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "e.html").write_text("x")
    (folder / "linked").symlink_to(tmp_path / "more")
    (folder / "de" / "up").symlink_to(folder)
    (tmp_path / "more" / "back").symlink_to(folder)
    assert uris(folder) == sorted((*PAGES, "linked/e.html"))


def test_broken_links_and_names_that_are_not_utf8_are_named_not_lost(folder):
    (folder / "gone.html").symlink_to("nowhere")
    with open(os.fsencode(folder) + b"/\xff.html", "w"):
        pass
    assert {file.uri: file.error.split(" (")[0] for file in listing(folder).unreadable} == {
        "gone.html": "neither a file nor a folder",
        "\\xff.html": "the file's name is not UTF-8; rename it",
    }


def test_a_folder_that_cannot_be_listed_is_named_and_the_others_read(folder, monkeypatch):
    scandir = os.scandir

    def refuse(path):
        if path.endswith("old"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = listing(folder)
    assert len(found.files) == len(PAGES) - 1
    assert [(f.uri, f.error) for f in found.unreadable] == [
        ("de/old", "the folder cannot be listed: no permission to read it")
    ]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("nowhere", "no file or folder at"),
        ("nowhere/*.html", "no folder"),
        ("*.parquet", "no file is there"),
        ("_SUCCESS", "1 x unknown format (no suffix); set sources[].format"),
        ("nope://bucket/x", "Unrecognized filesystem"),
    ],
)
def test_a_path_that_names_nothing_readable_is_the_users_error(folder, path, says):
    with pytest.raises(UserError) as raised:
        listing(path if "://" in path else folder / path)
    assert says in str(raised.value)
    assert str(raised.value).startswith("source `pages`: ")


def test_a_uri_lists_and_opens_as_the_same_folder_here_does(folder, monkeypatch):
    (folder / "with space %41.html").write_text("spaced")
    store = fs.SubTreeFileSystem(str(folder.parent), fs.LocalFileSystem())
    monkeypatch.setattr(read_streams, "_open_bucket", lambda uri: (store, ""))
    for path in ("", "/", "/**", "/*/*.html", "/a.html"):
        assert uris(f"s3://bucket/pages{path}?region=eu-central-1") == uris(f"{folder}{path}")
    (file,) = listing("s3://bucket/pages/with*?region=eu-central-1").files
    assert (file.uri, file.size) == ("with space %41.html", 6)
    assert file.path == "s3://bucket/pages/with%20space%20%2541.html?region=eu-central-1"
    assert b"".join(read_chunks(file.path)) == b"spaced"
    with pytest.raises(UserError, match="no file or folder at s3://bucket/nowhere"):
        listing("s3://bucket/nowhere")
