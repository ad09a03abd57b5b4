"""TensorBoard in a browser."""

from visit import Visit

# How many points of a chart's drawing have a colour. Its canvas is drawn on by a worker, where WebGL is to be had;
# otherwise the chart is an SVG, whose lines are measured instead.
INK = """
view => {
    const canvas = view.querySelector("canvas");
    if (!canvas)
        return [...view.querySelectorAll("svg path")].reduce((sum, path) => sum + Math.round(path.getTotalLength()), 0);
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
    copy.drawImage(canvas, 0, 0);
    const {data} = copy.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 3; i < data.length; i += 4) count += data[i] > 0;
    return count;
}
"""


class TensorBoardVisit(Visit):
    def _wait_until_there(self):
        self.view.get_by_text("Time Series", exact=True).wait_for()

    def charts(self, rows, ink):
        """The charts that are there: title, how much is drawn in it, and the table of the last values below it.

        Waits until there are so many rows in all tables, and so much is drawn in each chart."""
        charts = []
        self.view.locator("scalar-card tb-data-table-content-row").nth(int(rows) - 1).wait_for()
        for card in self.view.locator("scalar-card").all():
            view = card.locator("line-chart .series-view")
            self.view.wait_for_function(f"view => ({INK})(view) >= {int(ink)}", arg=view.element_handle())
            rows = card.locator("tb-data-table-content-row").all()
            charts.append({
                "title": "".join(card.locator(".tag").first.inner_text().split()),
                "ink": view.evaluate(INK),
                "rows": [row.inner_text().split() for row in rows],
            })
        return {"charts": charts}

    def _use(self):
        if self._uses > 1:
            self._reload()
        # The values are asked for by POST.
        self.charts(4, 1000)
