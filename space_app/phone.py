"""Scroll to the answer on a phone, where it is below the form."""

NARROW = 640  # pixels


def to_answer(selector: str) -> str:
    """Return JavaScript that scrolls to the answer; an event runs it before it sends a request or after the answer."""
    return f"""(...given) => {{
  if (innerWidth < {NARROW}) requestAnimationFrame(
    () => document.querySelector('{selector}')?.scrollIntoView({{block: 'start'}}));
  return given;
}}"""
