"""What the timer of the front page makes of its tabs' statuses."""

import gradio as gr

from space_app.tabs import Part

SKIPPED = gr.skip()


def test_what_stays_the_same_is_skipped():
    with gr.Blocks():
        part = Part(outputs=[gr.HTML()], status=lambda: ("note", 7), filled=[gr.HTML()], fill=lambda it: [it])
    assert part.update(None) == (["note", 7], ("note", 7))
    assert part.update(("old", 7)) == (["note", SKIPPED], ("note", 7))
    assert part.update(("note", 7)) == ([SKIPPED, SKIPPED], ("note", 7))


def test_a_tab_that_cannot_be_filled_is_tried_again(caplog):
    """A model may go away between the moment its status is read and the moment its tab is filled."""
    served = []
    with gr.Blocks():
        part = Part(
            outputs=[gr.HTML()],
            status=lambda: ("", "commit"),
            filled=[gr.HTML(), gr.HTML()],
            fill=lambda commit: [served[0], commit],
        )
    assert part.update(None) == ([SKIPPED] * 3, None)
    assert "a tab cannot be updated" in caplog.text
    served.append("model")
    assert part.update(None) == (["", "model", "commit"], ("", "commit"))
