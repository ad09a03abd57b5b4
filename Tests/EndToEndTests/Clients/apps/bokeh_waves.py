"""A small page with Bokeh: what is done in it is answered by Python."""

from bokeh.io import curdoc
from bokeh.layouts import column
from bokeh.models import Button, Div
from bokeh.plotting import figure

plot = figure(height=300, title="Waves")
plot.line(list(range(40)), [index % 7 for index in range(40)])
answer = Div(text="count is 0")
button = Button(label="count")
clicks = []


def count():
    clicks.append(1)
    answer.text = f"count is {len(clicks)}"


button.on_click(count)
curdoc().add_root(column(plot, button, answer))
