"""List the scripts and style sheets that a Gradio page needs, so that a browser requests all of them at once.

Gradio's page names only its first script. That script requests the next scripts, which request the components'
scripts, which request their own parts. A browser would therefore wait for one group after the other.
"""

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path

from space_app.gradio_fixes.scripts import ASSETS

TEMPLATE = ASSETS.parent / "index.html"
_ENTRY = re.compile(r'"\./assets/(index-[\w-]+\.js)"')
# The list of the files that a script imports later, as Vite writes it.
_LISTED = re.compile(r"m\.f=(\[[^\]]*\])")
# A later import of a script, and the places of its parts in that list.
_IMPORT = r"import\(`\./([\w.$-]+\.js)`\)[^`]*?,__vite__mapDeps\(\[([\d,]*)\]\)"
# The script core-*.js names each kind of component; the component's own script comes after its example's.
_COMPONENT = r"(\w+):\{(?:(?!:\{).)*?component:\(\)=>\w+\(\(\)=>" + _IMPORT
# An endpoint's parameters and results use the script of a state.
_SAME = {"api": "state"}


@functools.cache
def files(kinds: frozenset[str]) -> list[str]:
    """Return the names of the files in ``assets/`` for a page with these kinds of components."""
    shell, components = _read()
    needed = [name for kind in sorted(kinds) for name in components.get(_SAME.get(kind, kind), ())]
    return list(dict.fromkeys([*shell, *needed]))


@functools.cache
def _read() -> tuple[list[str], dict[str, list[str]]]:
    """Return the files of every page, and the files of each kind of component."""
    [entry] = _ENTRY.findall(TEMPLATE.read_text("utf-8"))
    first = dict(_imports(entry, _IMPORT))
    [page] = (name for name in first if name.startswith("Index-"))
    [core] = (name for name in first if name.startswith("core-"))
    [(blocks, parts)] = (
        (name, parts) for name, parts in _imports(page, _IMPORT) if name.startswith("Blocks-")
    )
    shell = [page, *first[page], core, *first[core], blocks, *parts]
    return shell, {kind: [name, *parts] for kind, name, parts in _imports(core, _COMPONENT)}


def _imports(script: str, pattern: str) -> Iterator[tuple]:
    """Yield what a script imports later: the groups of `pattern`, the last one as the names of the parts."""
    text = (ASSETS / script).read_text("utf-8")
    listed = [Path(name).name for name in json.loads(_LISTED.search(text)[1])]
    for *names, places in re.findall(pattern, text):
        yield *names, [listed[int(place)] for place in places.split(",") if place]
