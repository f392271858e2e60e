"""The reference pages say what the code says, and are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainwright.metrics.results import METRICS
from chainwright.policies import policies_for
from chainwright.report import reference
from chainwright.words.errors import UsageError
from chainwright.words.subjects import DECISIONS, SCHEMA


@pytest.mark.parametrize("name", sorted(reference.pages()))
def test_the_page_is_up_to_date(repository: Path, name: str) -> None:
    page = repository / "docs" / "reference" / name
    renew = "renew it: python -m chainwright.report.reference docs/reference"
    assert page.exists(), renew
    assert page.read_text(encoding="utf-8") == reference.pages()[name], renew


def test_no_page_is_left_over(repository: Path) -> None:
    assert {path.name for path in (repository / "docs" / "reference").iterdir()} == set(reference.pages())


def test_every_column_is_on_its_page() -> None:
    page = reference.columns_page()
    assert not [column.name for column in SCHEMA if f"`{column.name}`" not in page or column.meaning.replace("|", "\\|") not in page]


def test_every_policy_is_on_its_page_with_formula_source_and_parameters() -> None:
    page = reference.policies_page()
    for decision in DECISIONS:
        for name, policy in policies_for(decision).items():
            if not policy.__module__.startswith("chainwright."):
                continue  # a probe of another test
            assert f"### {name}\n" in page
            assert policy.formula in page
            assert policy.source in page
            assert all(f"| `{field.name}` |" in page for field in policy.parameters())


def test_every_metric_is_on_its_page() -> None:
    page = reference.metrics_page()
    assert not [metric.name for metric in METRICS.values() if f"| `{metric.name}` | {metric.unit} |" not in page]


def test_the_command_writes_the_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main([str(tmp_path / "new")]) == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(reference.pages())
    assert "columns.md" in capsys.readouterr().out


def test_wrong_usage_is_answered_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main([]) == 2
    assert "usage" in capsys.readouterr().err
    taken = tmp_path / "taken"
    taken.write_text("a file, not a folder")
    assert reference.main([str(taken)]) == 2
    with pytest.raises(UsageError, match="cannot write the reference"):
        reference.write(taken)
