"""On a phone the answer is below what was asked: the page scrolls there."""

NARROW = 640  # pixels


def to_answer(selector: str) -> str:
    """Return the JavaScript that scrolls to the answer; an event runs it before it asks, or once it is answered."""
    return f"""(...given) => {{
  if (innerWidth < {NARROW}) requestAnimationFrame(
    () => document.querySelector('{selector}')?.scrollIntoView({{block: 'start'}}));
  return given;
}}"""
