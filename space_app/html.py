"""Render the templates of ``space_app/templates`` as HTML, with all values escaped."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from space_app.glossary import with_terms
from space_app.words import age
from spacehub.serving.words import percent

FOLDER = Path(__file__).with_name("templates")
_environment = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {"age": age, "percent": percent, "terms": with_terms}
# The characters that Gradio's HTML component reads as its own templates.
_GRADIO = (("{", "&#123;"), ("}", "&#125;"), ("$", "&#36;"))


def page(template: str, /, **values: object) -> str:
    """Return a template's HTML as a separate page."""
    return _environment.get_template(template).render(values)


def render(template: str, /, **values: object) -> str:
    """Return a template's HTML for a `gr.HTML`; a per cent sign stays with its number."""
    html = page(template, **values)
    for character, reference in _GRADIO:
        html = html.replace(character, reference)
    return html.replace(" %", "&nbsp;%")
