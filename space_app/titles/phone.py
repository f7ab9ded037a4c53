"""On a phone the answer comes below what was asked: the page goes there."""

NARROW = 640  # pixels


def to_answer(selector: str) -> str:
    """Return the JavaScript that an event runs before it asks: it shows where the answer will be."""
    return f"""(...given) => {{
  if (innerWidth < {NARROW}) document.querySelector('{selector}')?.scrollIntoView({{block: 'start'}});
  return given;
}}"""
