"""Reading lists of edges that somebody else made: separators, letters, headers, numbers, and every bad row with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from chainwright.network.populations.firm_lists.rows import LISTED, Edges, read_list
from chainwright.words.errors import ScenarioError


def read(folder: Path, content: str | bytes, asked: dict[str, str] | None = None, **options: Any) -> Edges:
    path = folder / "firms.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_list(path, "firms.csv", asked or {}, **options)


def rows(edges: Edges) -> list[tuple[str, str, str, float]]:
    return [
        (str(edges.firms[seller]), str(edges.firms[buyer]), str(edges.products[product]), float(weight))
        for seller, buyer, product, weight in zip(edges.seller, edges.buyer, edges.product, edges.weight, strict=True)
    ]


def mistakes(folder: Path, content: str | bytes, asked: dict[str, str] | None = None, **options: Any) -> list[str]:
    with pytest.raises(ScenarioError) as raised:
        read(folder, content, asked, **options)
    return str(raised.value).splitlines()


EXPECTED = [("a", "b", "goods", 1.5), ("b", "c, Ltd", "goods", 1200.0)]


@pytest.mark.parametrize(
    "content",
    [
        'seller,buyer,weight\na,b,1.5\nb,"c, Ltd",1200\n',
        "supplier_id;customer_id;sales\na;b;1.5\nb;c, Ltd;1200\n",
        "From\tTo\tValue\r\na\tb\t1.5\r\nb\tc, Ltd\t1200\r\n",
        "SupplierID|ClientID|amount_eur\ra|b|1.5\rb|c, Ltd|1200",
        '\ufeffsource,target,volume\na,b,1.5\n\nb,"c, Ltd",1.2e3\n,,\n\n',
        '# a remark\nseller,buyer,weight\n a , b ,1.5\nb, "c, Ltd" ,1200\n',
        'a,b,1.5\nb,"c, Ltd",1200\n',
        "weight;buyer;seller\n1,5;b;a\n1.200;c, Ltd;b\n",
        'weight,to_firm,from_firm\n1.5,b,a\n"1,200.0","c, Ltd",b\n',
        "year,from,to,sales\n2019,a,b,1.5\n2020,b,\"c, Ltd\",1200\n",
        "seller,buyer,2019\na,b,1.5\nb,\"c, Ltd\",1200\n",
        "one,two,three\na,b,1.5\nb,\"c, Ltd\",1200\n",
    ],
    ids=["commas", "semicolons", "tabs", "bars", "byte_order_mark", "remarks", "no_header", "decimal_commas", "thousands", "more_columns",
         "year", "names_that_say_nothing"],
)  # fmt: skip
def test_lists_that_say_the_same(tmp_path: Path, content: str) -> None:
    assert rows(read(tmp_path, content)) == EXPECTED


@pytest.mark.parametrize("letters", ["utf-8", "latin-1", "utf-16"])
def test_letters(tmp_path: Path, letters: str) -> None:
    edges = read(tmp_path, "seller,buyer,weight\nMüller,Señor,2\n".encode(letters))
    assert rows(edges) == [("Müller", "Señor", "goods", 2.0)]
    assert any("letters" in sentence for sentence in edges.told) == (letters != "utf-8")


def test_names_that_look_alike_are_told(tmp_path: Path) -> None:
    edges = read(tmp_path, "seller,buyer,weight\nmill,shop,2\nmill,sh\u043ep,3\n".encode())
    assert len(edges.firms) == 3
    assert any(r"'sh\u043ep' and 'shop' look alike and are taken for different enterprises" in one for one in edges.told)


def test_what_was_assumed_is_told(tmp_path: Path) -> None:
    edges = read(tmp_path, "a;b;1,5\nb;c;2,25\na;b;1,5\n")
    assert rows(edges) == [("a", "b", "goods", 3.0), ("b", "c", "goods", 2.25)]
    told = " / ".join(edges.told)
    for words in ("separated by semicolons", "no header", "seller: column 1, buyer: column 2, weight: column 3", "stand before decimals",
                  "1 row repeats", "lines 1 and 3"):  # fmt: skip
        assert words in told


def test_every_mistake_is_told_by_its_line(tmp_path: Path) -> None:
    content = (
        "from,to,weight\n"  # 1
        "a,,1\n"
        " ,b,2\n"
        "a,a,3\n"
        "a,b,\n"  # 5
        "a,b,many\n"
        "a,b,-1\n"
        "\n"
        "a,b,0\n"
        "a,b,inf\n"  # 10
        "c,d\n"
        "c,d,1,2\n"
        '"c,d,4\n'
        "nan,e,nan\n"
        "x,y,1\n"  # 15
        "a,b,1e999\n"
        "a,b,0x10\n"
    )
    assert mistakes(tmp_path, content) == [
        "firms.csv:2:2: the buyer is missing",
        "firms.csv:3:1: the seller is missing",
        "firms.csv:4:2: 'a' sells to itself",
        "firms.csv:5:3: the weight is missing",
        "firms.csv:6:3: expected a number as weight, got 'many'",
        "firms.csv:7:3: the weight is negative: '-1'",
        "firms.csv:9:3: the weight is 0; expected more",
        "firms.csv:10:3: the weight is infinite: 'inf'",
        "firms.csv:11:1: has 2 fields, expected 3",
        "firms.csv:12:1: has 4 fields, expected 3",
        "firms.csv:13:1: a quotation mark is not closed on its line",
        "firms.csv:14:1: the seller is missing",
        "firms.csv:14:3: the weight is missing",
        "firms.csv:16:3: the weight is infinite: '1e999'",
        "firms.csv:17:3: expected a number as weight, got '0x10'; skip_bad: true leaves the 14 bad rows of 15 out",
    ]
    edges = read(tmp_path, content, skip_bad=True)
    assert rows(edges) == [("x", "y", "goods", 1.0)]
    assert "14 bad rows were left out: lines 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14 and 2 more" in edges.told


def test_a_missing_product_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "seller,buyer,industry,weight\na,b,steel,1\nb,c,,2\n") == [
        "firms.csv:3:3: the product is missing; skip_bad: true leaves the bad row out"
    ]


def test_of_many_mistakes_the_first_are_told(tmp_path: Path) -> None:
    content = "from,to,weight\n" + "a,b,1\n" * 100_000 + "a,b,x\n" * 5000
    found = mistakes(tmp_path, content)
    assert len(found) == LISTED + 1
    assert found[0].startswith("firms.csv:100002:3: expected a number")
    assert found[-1] == "firms.csv:100022:3: and 4,980 more from here on; skip_bad: true leaves the 5,000 bad rows of 105,000 out"


def test_lines_are_counted_past_the_blocks_of_the_reader(tmp_path: Path) -> None:
    long = "x" * 1000
    content = "from,to,weight\n" + "".join(f"{long}{row},b,1\n" for row in range(40_000)) + "a,b\n"
    assert mistakes(tmp_path, content) == ["firms.csv:40002:1: has 2 fields, expected 3; skip_bad: true leaves the bad row out"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "there is no edge in it"),
        ("from,to,weight\n", "no edge below the header"),
        ("abc\ndef\n", "has one column"),
        ("a b 3\nb c 4\n", "has one column"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"a,b,1\nb\x00c,d,2\n", "firms.csv:2:1: is no text"),
        ("a,b,1e308\na,b,1e308\n", "too large"),
        ("from,to,weight\nb,a,1,234\n", "has 4 fields, expected 3"),
        ('from,to,weight\nb,a,"1,234"\n', "say decimal"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, content: str | bytes, words: str) -> None:
    found = mistakes(tmp_path, content)
    assert len(found) == 1
    assert words in found[0]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"firms\.csv: cannot be read: No such file"):
        read_list(tmp_path / "firms.csv", "firms.csv", {})


@pytest.mark.parametrize(
    ("content", "asked", "words"),
    [
        ("from,to,weight\na,b,1\n", {"weight": "wieght"}, ["population.weight: firms.csv: no column is called 'wieght'; did you mean 'weight'?"]),
        ("from,to,weight\na,b,1\n", {"seller": "form", "buyer": "too"}, ["'form'; did you mean 'from'?", "'too'; did you mean 'to'?"]),
        ("from,to,weight\na,b,1\n", {"seller": "from", "buyer": "from"}, ["column 'from' stands for seller already"]),
        ("a,b,1\n", {"weight": "4"}, ["the file has no header; expected a number from 1 to 3, got '4'"]),
        ("from,to,x,y\na,b,1,2\n", {}, ["cannot tell which column is the weight; say weight: and one of x, y"]),
        ("k,l,m,n,o\na,b,c,1,2\n", {}, ["cannot tell which columns are seller and buyer"]),
        ("seller,buyer,sales,sales\na,b,1,2\n", {}, ["population.weight: firms.csv: 2 columns are called 'sales'; rename all but one"]),
        ("k,l,m,m\na,b,1,2\n", {"seller": "k", "buyer": "l", "weight": "m"}, ["population.weight: firms.csv: 2 columns are called 'm'"]),
        ("seller,k,l,weight\na,b,c,1\n", {}, ["cannot tell which column is the buyer; say buyer: and one of k, l"]),
    ],
)
def test_columns_that_cannot_be_told(tmp_path: Path, content: str, asked: dict[str, str], words: list[str]) -> None:
    found = mistakes(tmp_path, content, asked)
    assert len(found) == len(words)
    for line, expected in zip(found, words, strict=True):
        assert expected in line


@pytest.mark.parametrize(
    ("content", "asked", "expected"),
    [
        ("k,l,m,n\na,b,1,2\n", {"seller": "l", "buyer": "k", "weight": "N"}, ("b", "a", "goods", 2.0)),
        ("a,b,1,2\n", {"seller": "2", "buyer": "1", "weight": "4"}, ("b", "a", "goods", 2.0)),
        ("seller,buyer,naics_code,sales\na,b,3311,2\n", {}, ("a", "b", "3311", 2.0)),
        ("seller,seller_industry,buyer,buyer_industry,value\na,ore,b,steel,2\n", {}, ("a", "b", "ore", 2.0)),
        ("supplier_name,supplier_id,customer_name,customer_id,sales\nx,a,y,b,2\n", {}, ("a", "b", "goods", 2.0)),
        ("a,b,steel\nb,c,ore\n", {}, ("a", "b", "steel", 1.0)),
        ("a,b,steel,4\nb,c,ore,2\n", {}, ("a", "b", "steel", 4.0)),
        ("a,b\nb,c\n", {}, ("a", "b", "goods", 1.0)),
        ("Target,Walmart,7\nSource,Target,8\n", {}, ("Source", "Target", "goods", 8.0)),
        ("001,002,7\n", {}, ("001", "002", "goods", 7.0)),
    ],
    ids=["said", "by_number", "code", "industries", "ids_before_names", "product_third", "four", "without_weight", "firms_called_target", "ids"],
)
def test_columns_are_found(tmp_path: Path, content: str, asked: dict[str, str], expected: tuple[str, str, str, float]) -> None:
    assert rows(read(tmp_path, content, asked))[0] == expected


def test_the_sign_before_decimals_and_the_header_can_be_said(tmp_path: Path) -> None:
    content = "A;B;W\na;b;1,234\n"
    assert rows(read(tmp_path, content, decimal=","))[0][3] == 1.234
    assert rows(read(tmp_path, content, decimal="."))[0][3] == 1234.0
    assert rows(read(tmp_path, "x,y\na,b\n", header=True)) == [("a", "b", "goods", 1.0)]


def test_what_spreadsheets_leave_behind(tmp_path: Path) -> None:
    edges = read(tmp_path, "sep=;\r\nbuyer;seller;weight\r\nB;A;1,5\r\n   \r\n;;\r\nC;B;2,5\r\n")
    assert rows(edges) == [("A", "B", "goods", 1.5), ("B", "C", "goods", 2.5)]


def test_names_of_columns_below_a_title_are_not_taken_for_a_row(tmp_path: Path) -> None:
    content = "Sales of 2020;;\n;;\nseller;buyer;weight\nA;B;1\nB;C;2\n"
    message = "firms.csv:3:1: the names of columns stand here; take the lines above out, or begin them with #"
    assert mistakes(tmp_path, content) == [message]
    assert len(rows(read(tmp_path, content.replace("Sales", "# Sales")))) == 2
    # Firms that are called so are not.
    assert len(rows(read(tmp_path, "A,B\nSource,Target\nB,C\n"))) == 3


@pytest.mark.parametrize("header", ["Käufer;Verkäufer;Umsatz", "Kunde;Lieferant;Wert", "acheteur;fournisseur;montant", "cliente;proveedor;importe"])
def test_headers_of_other_languages_say_who_sells(tmp_path: Path, header: str) -> None:
    assert rows(read(tmp_path, f"{header}\nB;A;1\nC;B;2\n")) == [("A", "B", "goods", 1.0), ("B", "C", "goods", 2.0)]


def test_where_every_row_is_bad_none_is_to_be_left_out(tmp_path: Path) -> None:
    told = mistakes(tmp_path, "A,B,1\nB,C,2\n", {"seller": "1", "buyer": "3", "weight": "2"})
    assert told[-1].endswith("expected a number as weight, got 'C'; every row has a mistake: are these the right file and columns?")


def test_one_is_told_as_one(tmp_path: Path) -> None:
    told = read(tmp_path, "seller,buyer,weight\nA*,B,1\nB,C,x\n", skip_bad=True).told
    assert "1 bad row was left out: line 3" in told
    assert "1 name cannot be used as it is: 'A*' is called 'A_'" in told


def test_names_that_cannot_be_used_are_replaced_and_told(tmp_path: Path) -> None:
    edges = read(tmp_path, "seller,buyer,product,weight\ndefault,a*b>c,policy,1\na_b_c,default_,x,2\n")
    assert sorted(rows(edges)) == [("a_b_c", "default_", "x", 2.0), ("default__", "a_b_c_", "policy_", 1.0)]
    assert any("2 names cannot be used as they are: 'a*b>c' is called 'a_b_c_', 'default' is called 'default__'" in one for one in edges.told)


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    lines = [f"f{row % 7},g{row % 11},{row + 1}" for row in range(60)]
    one = read(tmp_path, "from,to,weight\n" + "\n".join(lines))
    other = read(tmp_path, "from,to,weight\n" + "\n".join(reversed(lines)))
    assert rows(one) == rows(other)


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "firms.parquet"
    table = pa.table({
        "seller": pa.array([3, 1, None, 2], pa.int64()),
        "buyer": pa.array([1.0, 2.0, 1.0, 2.0]),
        "industry": pa.array(["ore", "steel", "ore", "ore"]).dictionary_encode(),
        "value": pa.array([1.5, 2.0, 3.0, 4.0], pa.float32()),
    })  # fmt: skip
    parquet.write_table(table, path)
    with pytest.raises(ScenarioError) as raised:
        read_list(path, "firms.parquet", {})
    assert [str(mistake) for mistake in raised.value.mistakes] == [
        "firms.parquet: row 3: the seller is missing",
        "firms.parquet: row 4: 2.0 sells to itself; skip_bad: true leaves the 2 bad rows of 4 out",
    ]
    edges = read_list(path, "firms.parquet", {}, skip_bad=True)
    assert rows(edges) == [("1", "2", "steel", 2.0), ("3", "1", "ore", 1.5)]
    assert np.array_equal(edges.weight, [2.0, 1.5])


def test_what_only_looks_like_parquet(tmp_path: Path) -> None:
    assert "cannot be read as Parquet" in mistakes(tmp_path, b"PAR1 and more")[0]
