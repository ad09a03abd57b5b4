"""A small page with Dash: what is done in it is answered by Python."""

from dash import Dash, Input, Output, dcc, html

app = Dash("waves", title="Waves")
app.layout = html.Div(
    [
        html.H1("Waves"),
        html.Button("count", id="button"),
        html.Div(id="answer"),
        dcc.Graph(figure={"data": [{"y": [index % 7 for index in range(40)]}]}),
    ]
)


@app.callback(Output("answer", "children"), Input("button", "n_clicks"))
def answer(count):
    return f"count is {count or 0}"


if __name__ == "__main__":
    app.run()
