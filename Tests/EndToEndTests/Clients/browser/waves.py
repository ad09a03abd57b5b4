"""A small web app of marimo's: a slider, and a curve that follows it."""

import marimo

app = marimo.App()


@app.cell
def _():
    import math

    import marimo as mo

    waves = mo.ui.slider(1, 20, value=3, label="Waves", show_value=True)
    mo.vstack([mo.md("# Waves"), waves])
    return math, mo, waves


@app.cell
def _(math, mo, waves):
    heights = [50 - 45 * math.sin(x / 600 * waves.value * 2 * math.pi) for x in range(601)]
    points = " ".join(f"{x},{y:.1f}" for x, y in enumerate(heights))
    curve = f'<svg viewBox="0 0 600 100"><polyline points="{points}" fill="none" stroke="teal" stroke-width="2"/></svg>'
    mo.vstack([mo.md(f"The curve has {waves.value} waves."), mo.Html(curve)])
    return


if __name__ == "__main__":
    app.run()
