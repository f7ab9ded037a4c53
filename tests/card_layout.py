"""How every card is laid out: what it is, its number, one figure and a snippet first; the rest follows, partly folded."""

import re


def check_layout(card: str) -> None:
    """Check a card's first screen and its folded parts."""
    body = card.split("\n---\n", 1)[1]
    first, *sections = re.split(r"^## ", body, flags=re.MULTILINE)
    assert sections[0].startswith("When not to use this ")
    assert first.lstrip().startswith("# ")
    assert re.search(r"^\*\*.*\d", first, re.MULTILINE), "no number in bold"
    assert first.count("<img src=") + first.count("![") == 1
    assert re.search(r'<img src="figures/\w+\.png" alt="[^"]+" width="\d+">', first)
    assert "```python\n" in first
    assert "<details>" not in first
    # Markdown inside is read only after an empty line: huggingface.co shows it as plain text otherwise.
    opened, closed = body.count("<details>\n<summary>"), body.count("\n\n</details>\n")
    assert body.count("<details") == opened == closed == len(re.findall(r"</summary>\n\n(?=\S)", body))
