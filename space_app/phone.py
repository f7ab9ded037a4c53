"""On a phone the answer comes below what was asked: the page goes there."""

NARROW = 640  # pixels


def to_answer(selector: str) -> str:
    """Return the JavaScript that an event runs before it asks, or once it is answered: it shows the place of the answer."""
    return f"""(...given) => {{
  if (innerWidth < {NARROW}) document.querySelector('{selector}')?.scrollIntoView({{block: 'start'}});
  return given;
}}"""
