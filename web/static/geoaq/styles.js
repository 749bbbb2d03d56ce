// How a layer's own file says that it looks, for shapes from GeoJSON and from tiles alike.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var FAR = 6;
  var hatchings = {};

  // The style of a feature: that of the legend line whose `when` it fits, else the layer's.
  geoaq.style_of = function (spec, properties) {
    for (var i = 0; i < spec.legend.length; i++) {
      var when = spec.legend[i].when, names = Object.keys(when);
      var fits = names.length > 0 && names.every(function (name) { return properties[name] === when[name]; });
      if (fits) return spec.legend[i].style;
    }
    return spec.style;
  };

  geoaq.is_far = function (zoom) { return zoom < FAR; };

  // From far away lines are thinner and whole: dashes around a disc of a few pixels are only noise.
  geoaq.path_style = function (style, far) {
    var dash = style.dash_px.length && !far ? style.dash_px : [];
    return {
      stroke: style.stroke !== null, color: style.stroke || undefined, weight: style.stroke_px * (far ? 0.6 : 1),
      dash: dash, dashArray: dash.length ? dash.join(" ") : null,
      fill: style.fill !== null, fillColor: style.fill || undefined, fillOpacity: style.fill_opacity,
      hatch: style.hatch, interactive: false, lineJoin: "round",
    };
  };

  geoaq.hatching = function (colour) {
    if (hatchings[colour]) return hatchings[colour];
    var tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    var ctx = tile.getContext("2d");
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    ctx.moveTo(-2, 10); ctx.lineTo(10, -2);
    ctx.moveTo(-2, 2); ctx.lineTo(2, -2);
    ctx.moveTo(6, 10); ctx.lineTo(10, 6);
    ctx.stroke();
    hatchings[colour] = tile;
    return tile;
  };

  // Leaflet's canvas with hatched fills for layers that ask for them.
  geoaq.HatchCanvas = L.Canvas.extend({
    _fillStroke: function (ctx, layer) {
      if (layer.options.hatch) {
        ctx.save();
        ctx.globalAlpha = 0.45;
        ctx.fillStyle = ctx.createPattern(geoaq.hatching(layer.options.color), "repeat");
        ctx.fill("evenodd");
        ctx.restore();
      }
      L.Canvas.prototype._fillStroke.call(this, ctx, layer);
    },
  });
})();
