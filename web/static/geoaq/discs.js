// Discs about plants: closed curves through the few corners that come, so that they are round at every zoom.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  // Below so many pixels between a side and its arc the side is drawn; between two corners a place is found on so
  // many pieces of the arc.
  var ROUND_PX = 0.1, PIECES = 8;

  // How far the handles of a curve through n even corners of a circle reach, over the line from the corner before to
  // the corner after: with it the curve leaves the circle by less than a metre at 30 km and 32 corners.
  function reach(n) {
    var angle = (2 * Math.PI) / n;
    return ((4 / 3) * Math.tan(angle / 4)) / (2 * Math.sin(angle));
  }

  // The corners of a ring in world pixels at zoom 0, the first not repeated, and the box around them.
  function disc_of(feature) {
    var ring = feature.geometry.coordinates[0].slice(0, -1);
    var world = geoaq.world(ring.map(function (at) { return at[0]; }), ring.map(function (at) { return at[1]; }));
    return { properties: feature.properties, x: world.x, y: world.y, n: ring.length, reach: reach(ring.length),
      box: [Math.min.apply(null, world.x), Math.min.apply(null, world.y), Math.max.apply(null, world.x), Math.max.apply(null, world.y)] };
  }

  // Hears of each side of a disc: its number, that of the next corner, and the two handles between them.
  function each_side(disc, hear) {
    var x = disc.x, y = disc.y, n = disc.n, k = disc.reach;
    for (var i = 0, before = n - 1; i < n; before = i++) {
      var j = (i + 1) % n, after = (i + 2) % n;
      hear(i, j, x[i] + (x[j] - x[before]) * k, y[i] + (y[j] - y[before]) * k, x[j] - (x[after] - x[i]) * k, y[j] - (y[after] - y[i]) * k);
    }
  }

  function trace(ctx, disc, view) {
    var s = view.scale, left = view.left, top = view.top, x = disc.x, y = disc.y;
    var radius = ((disc.box[2] - disc.box[0]) * s) / 2, round = radius * (1 - Math.cos(Math.PI / disc.n)) > ROUND_PX;
    ctx.beginPath();
    ctx.moveTo(x[0] * s - left, y[0] * s - top);
    if (round) {
      each_side(disc, function (i, j, x1, y1, x2, y2) {
        ctx.bezierCurveTo(x1 * s - left, y1 * s - top, x2 * s - left, y2 * s - top, x[j] * s - left, y[j] * s - top);
      });
    } else for (var i = 1; i < disc.n; i++) ctx.lineTo(x[i] * s - left, y[i] * s - top);
    ctx.closePath();
  }

  // A disc's curve as corners of a ring, close enough to ask what lies inside.
  function corners(disc) {
    var ring = [];
    each_side(disc, function (i, j, x1, y1, x2, y2) {
      for (var p = 0; p < PIECES; p++) {
        var t = p / PIECES, u = 1 - t, a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;
        ring.push([a * disc.x[i] + b * x1 + c * x2 + d * disc.x[j], a * disc.y[i] + b * y1 + c * y2 + d * disc.y[j]]);
      }
    });
    return ring;
  }

  var DiscsSheet = geoaq.Sheet.extend({
    initialize: function (layer, pane) {
      geoaq.Sheet.prototype.initialize.call(this, { pane: pane, padding: 0.2 });
      this._layer = layer;
      this._discs = [];
    },

    load: function (data) {
      this._discs = data.features.filter(function (feature) {
        return feature.geometry && feature.geometry.type === "Polygon";
      }).map(disc_of);
      return this;
    },

    draw: function (ctx, view) {
      var spec = this._layer.spec, far = geoaq.is_far(view.zoom), styles = new Map();
      ctx.lineJoin = "round";
      this._discs.forEach(function (disc) {
        var box = disc.box, s = view.scale;
        if (box[2] * s < view.left - 4 || box[0] * s > view.left + view.size.x + 4 || box[3] * s < view.top - 4 ||
          box[1] * s > view.top + view.size.y + 4) return;
        var raw = geoaq.style_of(spec, disc.properties);
        if (!styles.has(raw)) styles.set(raw, geoaq.path_style(raw, far));
        var style = styles.get(raw);
        trace(ctx, disc, view);
        if (style.fill) {
          ctx.globalAlpha = style.fillOpacity;
          ctx.fillStyle = style.fillColor;
          ctx.fill();
        }
        ctx.globalAlpha = 1;
        if (style.stroke) {
          ctx.strokeStyle = style.color;
          ctx.lineWidth = style.weight;
          ctx.setLineDash(style.dash);
          ctx.stroke();
        }
      });
      ctx.setLineDash([]);
    },

    // The properties of the discs that hold a place.
    at: function (lon, lat) {
      var world = geoaq.world([lon], [lat]), x = world.x[0], y = world.y[0];
      return this._discs.filter(function (disc) {
        var box = disc.box;
        return x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && geoaq.in_rings([corners(disc)], x, y);
      }).map(function (disc) { return disc.properties; });
    },
  });

  geoaq.discs_sheet = function (layer, pane) {
    return new DiscsSheet(layer, pane);
  };
})();
