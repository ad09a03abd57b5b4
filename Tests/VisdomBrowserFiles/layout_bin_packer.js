// Puts panes on shelves from left to right: what Visdom's page asks of a packer, `new Bin.ShelfFirst(contents, columns)` and
// `position(index, columns)`, where contents are objects with width and height. Written for the tests.
var Bin = {
  ShelfFirst: function (contents) {
    this.content = contents;
    this.position = function (index, columns) {
      var x = 0, y = 0, shelf = 0;
      for (var i = 0; i <= index && i < this.content.length; i++) {
        var pane = this.content[i];
        if (x > 0 && x + pane.width > columns) {
          x = 0;
          y += shelf;
          shelf = 0;
        }
        if (i === index) break;
        x += pane.width;
        shelf = Math.max(shelf, pane.height);
      }
      return { x: x, y: y };
    };
  },
};
