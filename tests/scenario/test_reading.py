"""Reading YAML: the core rules of version 1.2, the places of keys and values, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chainwright.scenario.read.yaml_file import read_document
from chainwright.words.errors import ScenarioError


def refused(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_document(None, text)
    (mistake,) = caught.value.mistakes
    assert "\n" not in str(mistake)
    return str(mistake)


@pytest.mark.parametrize("word, value", [
    ("4", 4), ("-4", -4), ("+4", 4), ("0", 0), ("4.5", 4.5), (".5", 0.5), ("4.", 4.0), ("1e3", 1000.0), ("1E-2", 0.01),
    ("0x1F", 31), ("0o17", 15),
    ("true", True), ("True", True), ("FALSE", False), ("null", None), ("~", None), ("", None), (".inf", float("inf")), ("-.INF", float("-inf")),
    ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("Yes", "Yes"), ("2024-05-01", "2024-05-01"), ("12:30:45", "12:30:45"),
    ("1_000", "1_000"),
    ("1,000", "1,000"), ("012", "012"), ("007", "007"), ("1e", "1e"), ("e3", "e3"), ("5%", "5%"), ("0.5.1", "0.5.1"), ("--4", "--4"),
    ("'4'", "4"), ('"true"', "true"), ("''", ""), ('"no"', "no"), ("nan", "nan"), ("inf", "inf"), ("-", None), ("1e999", float("inf")),
    ("9" * 18, int("9" * 18)), ("9" * 400, float("inf")), ("9" * 10_000, float("inf")), ("0x" + "f" * 100, "0x" + "f" * 100),
])  # fmt: skip
def test_words(word: str, value: Any) -> None:
    if word == "-":
        assert read_document(None, "a:\n  -\n").data == {"a": [None]}
        return
    found = read_document(None, f"a: {word}\n").data["a"]
    assert found == value
    assert type(found) is type(value)


def test_not_a_number() -> None:
    found = read_document(None, "a: .nan").data["a"]
    assert found != found


def test_keys_are_texts() -> None:
    assert read_document(None, "1: a\ntrue: b\nnull: c\n2024-01-01: d\n").data == {"1": "a", "true": "b", "null": "c", "2024-01-01": "d"}


def test_plain_data_of_every_shape() -> None:
    text = "a:\n- 1\n- [2, {b: 3}]\n- - 4\n  - 5\nc: {d: {}, e: []}\nf: |\n  two\n  lines\ng: >-\n  one\n  line\nh: a plain text\n  goes on\n"
    assert read_document(None, text).data == {
        "a": [1, [2, {"b": 3}], [4, 5]], "c": {"d": {}, "e": []}, "f": "two\nlines\n", "g": "one line", "h": "a plain text goes on",
    }  # fmt: skip


def test_places_of_keys_and_values() -> None:
    document = read_document(Path("folder/x.yaml"), "# first\nlanes:\n  - {seller: a,\n     buyer: b}\n  - seller: c\n    times: [1,  2]\n")
    places = {path: (place.line, place.column) for path, place in document.places.items()}
    assert places == {
        ("lanes",): (2, 1), ("lanes", 0): (3, 5), ("lanes", 0, "seller"): (3, 6), ("lanes", 0, "buyer"): (4, 6), ("lanes", 1): (5, 5),
        ("lanes", 1, "seller"): (5, 5), ("lanes", 1, "times"): (6, 5), ("lanes", 1, "times", 0): (6, 13), ("lanes", 1, "times", 1): (6, 17),
    }  # fmt: skip
    assert str(document.value_places["lanes", 0, "buyer"]) == "folder/x.yaml:4:13"
    assert str(document.place(("lanes", 1, "times", 7))) == "folder/x.yaml:6:5"
    assert str(document.place(("nowhere", 3))) == "folder/x.yaml"
    assert document.folder == Path("folder")


def test_a_value_that_is_not_there_stands_where_its_key_stands() -> None:
    document = read_document(None, "products:\n  beer:\nhorizon: 3\n")
    assert document.value_places["products", "beer"].line == 2


def test_sections_may_stand_empty() -> None:
    assert read_document(None, "lanes:\n# - {seller: a}\nrecipes:\nhorizon:\n").data == {"horizon": None}


def test_a_key_said_twice_is_told_and_the_first_is_kept() -> None:
    document = read_document(None, "a: 1\nb: {c: [1, {d: 2}], c: {e: [3]}, f: 4}\na: [{g: 5}]\nh: 6\n")
    assert document.data == {"a": 1, "b": {"c": [1, {"d": 2}], "f": 4}, "h": 6}
    assert [str(one) for one in document.mistakes] == [
        "text:2:21: b.c: the key 'c' is said twice (first in line 2)",
        "text:3:1: a: the key 'a' is said twice (first in line 1)",
    ]


@pytest.mark.parametrize("text, message", [
    ("a: &x 1", "text:1:4: an anchor (&x) is not allowed"),
    ("&x a: 1", "text:1:1: an anchor (&x) is not allowed"),
    ("a: 1\nb: *a", "text:2:4: an alias (*a) is not allowed"),
    ("a: [*b]", "text:1:5: an alias (*b) is not allowed"),
    ("*a : 1", "text:1:1: an alias (*a) is not allowed"),
    ("a: !!str 1", "text:1:4: a tag (!!str) is not allowed"),
    ("a: !own {}", "text:1:4: a tag (!own) is not allowed"),
    ("a: ! 1", "text:1:4: a tag (!) is not allowed"),
    ("!!map {a: 1}", "text:1:1: a tag (!!map) is not allowed"),
    ("a: !<tag:yaml.org,2002:int> 1", "text:1:4: a tag (!!int) is not allowed"),
    ("a: !x!y z", "text:1:4: tags (!) are not allowed"),
    ("a: {<<: {b: 1}}", "text:1:5: merge keys (<<) are not allowed"),
    ("a: 1\n---\nb: 2", "text:2:1: a second document"),
    ("%YAML 1.1\n---\na: 1", "text:2:1: directives (%YAML, %TAG) are not allowed"),
    ("%TAG ! tag:x,2000:\n---\na: 1", "text:2:1: directives (%YAML, %TAG) are not allowed"),
    ("? [a]\n: 1", "text:1:3: a list or a mapping cannot be a key"),
    ("{a: 1}: 2", "text:1:1: a list or a mapping cannot be a key"),
    (": 1", "text:1:1: a value without a key"),
    ("- a", "text:1:1: expected keys and values (`chainwright: 1` ...), got a list"),
    ("only words", "text:1:1: expected keys and values (`chainwright: 1` ...), got text"),
    ("", "text: the file is empty"),
    ("# only this\n", "text: the file is empty"),
    ("a:\n\tb: 1", "text:2:1: a tab; indent with spaces"),
    ("a: [1, 2]]", "text:1:10: a ] too many"),
    ("a: 1}", None),
    ("a: [1,, 2]", "text:1:7: a value is missing before ','"),
    ("a: [1\nb: 2", "text:1:4: a bracket [ that is opened here is not closed"),
    ("a: {b: 1\nc: 2", "text:1:4: a brace { that is opened here is not closed"),
    ("a: 'b\nc: d", "text:1:4: a quote that is opened here is never closed"),
    ('a: "b', "text:1:4: a quote that is opened here is never closed"),
    ("a: b: c", "text:1:5: a colon that cannot stand here"),
    ("a: 1\nb", "text:2:1: a line without a colon"),
    ("a:\n  - b\n c: 1", "text:3:2: this does not line up"),
    ("a: - b", "text:1:4: a list entry (- ) that cannot stand here"),
    ("a: @b", "text:1:4: a value that begins with @, ` or %"),
    ("a: *", "text:1:5: * or & at the beginning of a value"),
    ('a: "\\q"', "text:1:6: an unknown escape \\q"),
    ('a: "\\xzz"', "text:1:7: an escape in quotes that is not finished"),
    ('a: "\\0"', "text:1:4: a control character"),
    ('a: "\\ud800"', "text:1:4: a control character"),
    ("a: \x00", "text:1:4: a control character"),
    ("b: 1\na: x\x07y", "text:2:5: a control character"),
    ("a: |2x\n  b", "text:1:6: after | or > only the text may follow"),
])  # fmt: skip
def test_what_is_refused(text: str, message: str | None) -> None:
    if message is None:
        assert read_document(None, text).data == {"a": "1}"}
    else:
        assert refused(text).startswith(message)


def test_line_ends_and_byte_order_mark() -> None:
    assert read_document(None, "\ufeffa: 1\r\nb: 2\r\n").data == {"a": 1, "b": 2}


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def message(path: Path) -> str:
        with pytest.raises(ScenarioError) as caught:
            read_document(path)
        return str(caught.value).replace(str(tmp_path), "there")

    assert message(tmp_path / "none.yaml") == "there/none.yaml: there is no such file"
    assert message(tmp_path) == "there: is a folder; expected a scenario file"
    assert message(Path("/dev/null")) == "/dev/null: is not a regular file"
    (tmp_path / "latin.yaml").write_bytes("title: a\nsource: caf\u00e9\n".encode("latin-1"))
    assert message(tmp_path / "latin.yaml") == "there/latin.yaml:2:12: is not UTF-8 text (byte 0xe9)"
    (tmp_path / "sixteen.yaml").write_text("title: a", encoding="utf-16")
    assert message(tmp_path / "sixteen.yaml") == "there/sixteen.yaml:1:1: is not UTF-8 text (byte 0xff)"
    with pytest.raises(ScenarioError, match="neither a file nor a text"):
        read_document(None)
