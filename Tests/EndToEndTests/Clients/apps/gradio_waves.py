"""A small page with Gradio: what is done in it is answered by Python."""

import gradio

with gradio.Blocks(title="Waves") as page:
    gradio.Markdown("# Waves")
    count = gradio.Number(3, label="count")
    answer = gradio.Textbox(label="answer")
    gradio.Button("tell").click(lambda number: f"count is {number:.0f}", count, answer)

page.launch()
