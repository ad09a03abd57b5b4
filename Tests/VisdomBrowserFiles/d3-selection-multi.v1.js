// What Visdom's network graphs use of this library; d3 3 takes several attributes in one call by itself. Written for the tests.
d3.selection.prototype.attrs = function (attributes) {
  return this.attr(attributes);
};
