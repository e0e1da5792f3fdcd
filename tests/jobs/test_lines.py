"""Lines that rules cut: rows of `edits`, documents judged again, and nothing done twice."""

import pytest

from .mill import Mill, prose
from .test_keepers import page

KEPT = "This line is a whole sentence, and it stays where it is."
QUALITY = {"rules": ["gopher_quality"], "lines": ["c4", "repeated"]}
LIMITS = {"gopher_quality.word_count": {"minimum": 10}, "gopher_quality.stop_word_count": {"minimum": 1}}


def mill_with(folder, **quality):
    mill = Mill(folder, outputs=["corpus"], quality=QUALITY | {"limits": LIMITS} | quality)
    for key in ("anonymise", "tokenise", "near_dedup"):
        del mill.recipe[key]
    return mill


def texts(mill):
    ids = {r["doc_id"]: r["source_id"] for r in mill.rows("raw_documents")}
    return {ids[r["doc_id"]]: r["text"] for r in mill.rows("corpus")}


def test_lines_are_cut_and_what_is_left_is_judged_again(spark, tmp_path):
    mill = mill_with(tmp_path)
    page_with_menu = page("menu", f"Home\nContact\n\n{KEPT}\n\n{prose(1, 30)}\n\n{KEPT}\nRead more ...")
    only_lines = page("only lines", "\n".join(f"the menu has item {n} of many" for n in range(9)))
    mill.write("1.jsonl", page_with_menu, page("sound", prose(2, 40)), only_lines)
    mill.run()
    assert texts(mill) == {"menu": f"{KEPT}\n\n{prose(1, 30)}\n\n", "sound": prose(2, 40)}
    rules = sorted({row["rule"] for row in mill.rows("edits")})
    assert rules == ["c4.line_end_mark", "repeated.line"]
    (decision,) = mill.rows("decisions")
    assert decision["rule"] == "empty" and decision["detail"].startswith("after cuts")


@pytest.mark.long
def test_a_second_run_cuts_nothing_again_and_lines_come_back_without_the_rules(spark, tmp_path):
    mill = mill_with(tmp_path)
    mill.write("1.jsonl", page("menu", f"Home\n{KEPT}\n{prose(1, 30)}"))
    mill.run()
    mill.write("2.jsonl", page("later", f"Contact\n{KEPT}\n{prose(3, 30)}"))
    mill.run()
    assert len({row["run_id"] for row in mill.rows("line_cuts")}) == 2
    mill.recipe["quality"]["lines"] = []
    mill.run()
    assert mill.rows("edits") == [] and texts(mill)["menu"].startswith("Home\n")


def test_a_conversation_stays_whole(spark, tmp_path):
    mill = mill_with(tmp_path)
    said = [{"role": "user", "content": prose(1, 30)}, {"role": "assistant", "content": f"Home\n{prose(2, 30)}"}]
    mill.write("1.jsonl", {"id": "chat", "messages": said})
    mill.run()
    assert mill.rows("edits") == [] and len(mill.rows("corpus")) == 1
