// Dashed lines from tiles. Each tile knows only its own share of a line, so dashes counted along it would begin anew at
// the tile's edge. Here each stretch from edge to edge holds a whole number of them, stretched a little to fit, and
// begins and ends in the middle of a dash: what two tiles draw meets as one dash.
(function () {
  "use strict";
  var geoaq = window.geoaq;

  // Stroke lines and rings of a tile dashed, in the style that is set; dash: lengths of marks and gaps in pixels.
  // view: {left, top, k: pixels a tile unit, extent}.
  geoaq.stroke_dashed = function (ctx, features, view, dash) {
    var period = dash.reduce(function (sum, one) { return sum + one; }, 0);
    features.forEach(function (feature) {
      stretches(feature, view.extent).forEach(function (one) {
        var long = length(one) * view.k, count = Math.round(long / period), scale = count ? long / (count * period) : 0;
        ctx.setLineDash(count ? dash.map(function (part) { return part * scale; }) : []);
        ctx.lineDashOffset = (dash[0] * scale) / 2;
        ctx.beginPath();
        for (var i = 0; i < one.length; i += 2) ctx.lineTo(one[i] * view.k + view.left, one[i + 1] * view.k + view.top);
        ctx.stroke();
      });
    });
    ctx.setLineDash([]);
    ctx.lineDashOffset = 0;
  };

  // The stretches of a feature inside its tile, each x0 y0 x1 y1 … in tile units.
  function stretches(feature, extent) {
    var found = [], from = 0;
    feature.ends.forEach(function (end) {
      var corners = Array.prototype.slice.call(feature.coords, from, end);
      if (feature.ring) corners = closed(corners, extent);
      cut(corners, extent, found);
      from = end;
    });
    return found;
  }

  // A ring with its first corner repeated, begun outside the tile where it leaves it, so that no stretch is parted.
  function closed(corners, extent) {
    var at = 0;
    for (var i = 0; i < corners.length && !at; i += 2) if (outside(corners[i], corners[i + 1], extent)) at = i;
    var turned = corners.slice(at).concat(corners.slice(0, at));
    turned.push(turned[0], turned[1]);
    return turned;
  }

  function outside(x, y, extent) { return x < 0 || y < 0 || x > extent || y > extent; }

  // Part a line at the tile's edges; what lies beyond them is left out.
  function cut(corners, extent, found) {
    var open = null;
    for (var i = 0; i + 3 < corners.length; i += 2) {
      var x = corners[i], y = corners[i + 1], dx = corners[i + 2] - x, dy = corners[i + 3] - y;
      var span = within(x, y, dx, dy, extent);
      if (!span) { open = null; continue; }
      if (!open || span[0] > 0) found.push(open = [x + span[0] * dx, y + span[0] * dy]);
      open.push(x + span[1] * dx, y + span[1] * dy);
      if (span[1] < 1) open = null;
    }
  }

  // From where to where (0 to 1) a step lies inside the tile, by Liang and Barsky's clipping; null: nowhere.
  function within(x, y, dx, dy, extent) {
    var from = 0, to = 1, sides = [[-dx, x], [dx, extent - x], [-dy, y], [dy, extent - y]];
    for (var i = 0; i < 4; i++) {
      var step = sides[i][0], room = sides[i][1];
      if (step === 0 && room < 0) return null;
      if (step < 0) from = Math.max(from, room / step);
      if (step > 0) to = Math.min(to, room / step);
    }
    return from < to ? [from, to] : null;
  }

  function length(line) {
    var sum = 0;
    for (var i = 2; i < line.length; i += 2) sum += Math.hypot(line[i] - line[i - 2], line[i + 1] - line[i - 1]);
    return sum;
  }
})();
