"""What the docs tell people to type exists, and what they link to is there."""

import re
import subprocess
from pathlib import Path

import pytest

from sverka import cli

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "include").rglob("*.md")]
)
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)")
MAKE = re.compile(r"\bmake ([a-z][a-z0-9-]*)\b")
SVERKA = re.compile(r"\bsverka (parse|drop|report|sandbox|[a-z]+) (?=[A-Zr-]|FILE)")


def _code(text: str) -> str:
    """What stands in code: fenced blocks and backticks."""
    return "\n".join(
        [*re.findall(r"```.*?\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`\n]+)`", text)]
    )


def test_there_are_pages() -> None:
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_exist(page: Path) -> None:
    targets = set(
        re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    )
    for target in MAKE.findall(_code(page.read_text("utf-8"))):
        assert target in targets, f"{page.name} says make {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in SVERKA.findall(_code(page.read_text("utf-8"))):
        with pytest.raises(SystemExit) as ended:
            cli.main([command, "--help"])
        assert ended.value.code == 0, f"{page.name} says sverka {command}"
    capsys.readouterr()


def test_make_help_names_every_target_that_has_words() -> None:
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert {"up", "down", "clean", "test", "bench"} <= {
        line.split()[0] for line in shown.splitlines()
    }


def test_the_readme_begins_with_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert text.index("make up") < text.index("make test") < text.index("## How the house")
