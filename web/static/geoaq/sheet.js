// A canvas over the map that redraws after each move: the ground of points, cells, plants and labels.
(function () {
  "use strict";
  var geoaq = window.geoaq;

  // Subclasses give draw(ctx, view); view has zoom, ratio, size, and scale, left and top from world pixels at zoom 0.
  // A canvas that is touched is copied for the next frame, which takes as long as some drawing: while bare() says
  // that there is nothing to draw, it is left alone.
  geoaq.Sheet = L.Renderer.extend({
    options: { padding: 0.2 },

    initialize: function (options) {
      L.Renderer.prototype.initialize.call(this, options);
      this._layers = {};
    },

    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._ctx = this._container.getContext("2d");
    },

    _destroyContainer: function () {
      L.DomUtil.remove(this._container);
      delete this._ctx;
      delete this._container;
    },

    _updatePaths: function () {},

    bare: function () { return false; },

    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      var bounds = this._bounds, size = bounds.getSize(), ratio = window.devicePixelRatio || 1;
      var canvas = this._container;
      L.DomUtil.setPosition(canvas, bounds.min);
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
      this._touched = false;
      var zoom = this._map.getZoom();
      var origin = this._map.getPixelOrigin();
      this._view = {
        zoom: zoom, ratio: ratio, scale: Math.pow(2, zoom), size: size,
        left: origin.x + bounds.min.x, top: origin.y + bounds.min.y, min: bounds.min,
      };
      this.redraw();
    },

    redraw: function () {
      if (!this._ctx || !this._view) return this;
      var view = this._view, ctx = this._ctx, bare = this.bare();
      if (bare && !this._touched) return this;
      this._touched = !bare;
      ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
      ctx.clearRect(0, 0, view.size.x, view.size.y);
      if (!bare) this.draw(ctx, view);
      return this;
    },

    // The place of a mouse event on the canvas.
    place: function (event) {
      return event.layerPoint.subtract(this._view.min);
    },
  });

  // Longitude and latitude to world pixels at zoom 0 (Web Mercator, 256 pixels wide), as typed arrays.
  geoaq.world = function (lon, lat) {
    var n = lon.length, x = new Float64Array(n), y = new Float64Array(n);
    for (var i = 0; i < n; i++) {
      var s = Math.sin((lat[i] * Math.PI) / 180);
      x[i] = 256 * (lon[i] / 360 + 0.5);
      y[i] = 256 * (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI));
    }
    return { x: x, y: y };
  };

  // And back, for one place.
  geoaq.lonlat = function (x, y) {
    return [360 * (x / 256 - 0.5), (Math.atan(Math.sinh(Math.PI * (1 - y / 128))) * 180) / Math.PI];
  };
})();
