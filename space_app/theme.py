"""The app's look: one theme and one style sheet; nothing is fetched from other servers.

The two typefaces come with Gradio 6.31. Gradio ships only their regular and bold weights completely.
"""

from pathlib import Path

import gradio as gr
from gradio.themes.utils import colors
from gradio.themes.utils.fonts import LocalFont

CSS = Path(__file__).with_name("style.css")

HEADER = """
<div class="masthead">
  <svg viewBox="0 0 48 48" width="40" height="40" aria-hidden="true">
    <circle cx="24" cy="24" r="8" fill="currentColor"/>
    <ellipse cx="24" cy="24" rx="21" ry="9" fill="none" stroke="currentColor" stroke-width="2.2"
      transform="rotate(-28 24 24)"/>
    <circle cx="42.4" cy="14.2" r="3.2" fill="#f0a73a"/>
  </svg>
  <div><h1>SpaceHub</h1><p>Space-themed machine learning with versioned models from the Hub.</p></div>
</div>
"""


def theme() -> gr.themes.Base:
    """Return the theme: calm blues and two typefaces that Gradio ships."""
    return gr.themes.Base(
        primary_hue=colors.Color(
            name="orbit",
            c50="#eef2ff",
            c100="#dfe6ff",
            c200="#c4d0ff",
            c300="#9fb2fb",
            c400="#7890f3",
            c500="#5570e6",
            c600="#4059cf",
            c700="#3548a8",
            c800="#2e3f86",
            c900="#29376b",
            c950="#1a2244",
        ),
        neutral_hue=colors.Color(
            name="night",
            c50="#f7f8fc",
            c100="#eef0f7",
            c200="#dfe3ee",
            c300="#c3cadb",
            c400="#8f99b3",
            c500="#66708c",
            c600="#4b5570",
            c700="#2e3650",
            c800="#1a2138",
            c900="#121829",
            c950="#0b101d",
        ),
        font=(LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"),
        font_mono=(LocalFont("IBM Plex Mono", weights=(400, 700)), "ui-monospace", "monospace"),
        radius_size=gr.themes.sizes.radius_lg,
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="*neutral_400",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        block_border_width="1px",
        block_shadow="none",
        block_label_text_color="*neutral_600",
        block_info_text_color="*neutral_500",
        block_info_text_color_dark="*neutral_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_text_color="white",
        button_large_text_weight="600",
        input_border_width="1px",
        input_border_color="*neutral_300",
        input_border_color_dark="*neutral_700",
        input_background_fill="white",
        input_background_fill_dark="*neutral_950",
    )
