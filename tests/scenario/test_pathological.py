"""Files made to hurt: each is refused, or read, in about a second, and never with a traceback."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from chainwright.scenario.check.all_mistakes import check, find_mistakes
from chainwright.scenario.read import yaml_file
from chainwright.scenario.read.table_files import file_beside
from chainwright.scenario.read.yaml_file import read_document
from chainwright.words.errors import ScenarioError

LAUGHS = "a0: &a0 [lol, lol]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))

HURTFUL = {
    "billion laughs": (LAUGHS, "an anchor (&a0) is not allowed"),
    "an alias to itself": ("a: &a [*a]", "an anchor (&a) is not allowed"),
    "brackets": ("[" * 100_000, "nested more than 20 deep"),
    "brackets in lines": ("[\n" * 50_000, "nested more than 20 deep"),
    "braces": ("{a: " * 20_000, "nested more than 20 deep"),
    "dashes": ("- " * 40_000, "nested more than 20 deep"),
    "question marks": ("? " * 40_000, "cannot be a key"),
    "indents": ("\n".join(" " * i + "a:" for i in range(1200)), "nested more than 20 deep"),
    "closed brackets": ("a: " + "[" * 40_000 + "]" * 40_000, "nested more than 20 deep"),
    "a long line": ("a: " + "x" * 900_000, "a line of more than 100000 characters"),
    "a long line late": ("a: 1\n" * 9 + "# " + "x" * 900_000, "text:10:1: a line of more than 100000 characters"),
    "a long quote": ('a: "' + "x" * 900_000 + '"', "a line of more than 100000 characters"),
    "a large text": ("a: 1\n" * 300_000, "larger than 1 MB"),
    "many values": ("a:\n" + "- 1\n" * 200_000, "more than 60000 values"),
    "many commas": ("a: [\n" + "1,1,1,1,1,1,1,1\n" * 20_000 + "]", "more than 60000 values"),
    "quotes": ("'" * 99_999, "a quote that is opened here is never closed"),
    "colons": ("a: " * 30_000, "a colon that cannot stand here"),
    "marks of documents": ("a: 1\n" + "---\n" * 50_000, "a second document"),
    "tags": ("a: " + "!" * 50_000 + " 1", "not allowed in a scenario file"),
    "a tag of a program": ("a: !!python/object/apply:os.system ['echo hello']", "a tag (!!python/object/apply:os.system) is not allowed"),
    "control characters": ("a: \x1b[31m", "a control character"),
    "escapes beyond Unicode": ('a: "\\UFFFFFFFF"', "cannot be read as YAML"),
    "a huge number": ("horizon: " + "9" * 90_000, "not a finite number"),
    "a huge power": ("horizon: 1e999999", "not a finite number"),
}


@pytest.mark.parametrize("name", HURTFUL)
def test_what_hurts_is_refused_within_a_second(name: str) -> None:
    text, message = HURTFUL[name]
    start = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        check(read_document(None, text))
    assert time.process_time() - start < 1.0
    assert message in str(caught.value)
    assert all(len(str(mistake)) < 400 and "\n" not in str(mistake) for mistake in caught.value.mistakes)


LONG = {
    "comments": "#\n" * 100_000,
    "empty lines": "\n" * 200_000,
    "a plain text": "a: b" + "\n c" * 50_000,
    "a quoted text": 'a: "' + "x\n" * 50_000 + '"',
    "a block of text": "a: |\n" + " x\n" * 50_000,
}


@pytest.mark.parametrize("name", LONG)
def test_what_is_only_long_is_read_soon(name: str) -> None:
    start = time.process_time()
    with pytest.raises(ScenarioError, match=r"is missing|the file is empty"):
        check(read_document(None, LONG[name]))
    assert time.process_time() - start < 2.0


def test_a_key_said_very_often_is_not_told_very_often() -> None:
    document = read_document(None, "a: 1\n" * 5_000)
    assert len(document.mistakes) <= 100


def test_a_large_file_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(10_000_000_000)
    start = time.process_time()
    with pytest.raises(ScenarioError, match="larger than 1 MB"):
        read_document(path)
    assert time.process_time() - start < 0.5


def test_binary_rubbish(tmp_path: Path) -> None:
    rubbish = random.Random(1)
    path = tmp_path / "rubbish.yaml"
    for size in (1, 10, 1000, 500_000):
        path.write_bytes(rubbish.randbytes(size))
        with pytest.raises(ScenarioError):
            check(read_document(path))


SIGNS = ["a", "b: ", "- ", "\n", "\n  ", "[", "]", "{", "}", ",", ": ", "? ", "|", ">", "'", '"', "#", " #", "&", "*", "!", "%", "@", "---", "...",
         "\t", "\\", "<<", "~", "1", "\ufeff", "\u2028", "\x85", "\r"]  # fmt: skip


def test_texts_of_random_signs_end_in_data_or_in_a_message() -> None:
    rubbish = random.Random(2)
    read = 0
    for _ in range(3000):
        text = "".join(rubbish.choices(SIGNS, k=rubbish.randint(1, 14)))
        try:
            document = read_document(None, text)
        except ScenarioError as caught:
            told = caught.mistakes
        else:
            read += 1
            told = find_mistakes(document)
        assert told
        assert all("\n" not in str(mistake) for mistake in told)
    assert read > 20


def test_the_depth_that_is_allowed() -> None:
    deep = yaml_file.DEEPEST - 1
    assert read_document(None, "a: " + "[" * deep + "]" * deep)
    with pytest.raises(ScenarioError, match="nested more than"):
        read_document(None, "a: " + "[" * (deep + 1) + "]" * (deep + 1))


def test_tables_cannot_lie_elsewhere(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("name\nsecret\n", encoding="utf-8")
    (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "fine.csv").write_text("name\nfine\n", encoding="utf-8")
    assert file_beside(inside, "fine.csv")[1] == ""
    for name in ("../secret.csv", str(tmp_path / "secret.csv"), "link.csv", "a\x00b"):
        assert "not in the scenario's folder" in file_beside(inside, name)[1]
    for name in (3, None, ""):
        assert "expected the name of a CSV file" in file_beside(inside, name)[1]


def test_tables_full_of_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "lanes.csv"
    text = "chainwright: 1\nhorizon: 3\nproducts: {beer: {}}\nenterprises: {}\ntables: {lanes: lanes.csv}\n"
    rubbish = random.Random(3)
    contents = [b"", b"\n\n", b"seller\n", b"\xff\xfe", rubbish.randbytes(10_000)]
    contents += [b"seller,buyer,product\n\x00,\x00,\x00\n", b'seller,buyer,product\n"a\n']
    contents.append(b"seller,buyer,product\n" + b"," * 100_000)
    contents.append(b"seller,buyer,product\n" + b"a,b\n" * 10_000)
    contents.append(b"seller,buyer,product\n" + b"x" * 200_000)
    for content in contents:
        path.write_bytes(content)
        start = time.process_time()
        mistakes = find_mistakes(read_document(tmp_path / "x.yaml", text))
        assert mistakes
        assert all("\n" not in str(mistake) for mistake in mistakes)
        assert time.process_time() - start < 3.0
