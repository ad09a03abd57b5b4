"""A small page with Panel: what is done in it is answered by Python."""

import panel

clicks = panel.widgets.Button(name="count")
panel.Column("# Waves", clicks, panel.bind(lambda count: f"count is {count}", clicks.param.clicks)).servable()
