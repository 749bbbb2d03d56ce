// Too many subjects for single signs: squares with their count, in the colour of what is most there.
(function () {
  "use strict";
  var geoaq = window.geoaq;

  var Cells = geoaq.Sheet.extend({
    set: function (table) {
      var half = table.size_deg / 2, most = 1;
      this.size_deg = table.size_deg;
      var west = table.lon.map(function (v) { return v - half; }), east = table.lon.map(function (v) { return v + half; });
      var south = table.lat.map(function (v) { return v - half; });
      var north = table.lat.map(function (v) { return v + half; });
      var a = geoaq.world(west, north), b = geoaq.world(east, south);
      this._cells = table.lon.map(function (lon, i) {
        var counts = geoaq.SIGNS.map(function (sign) { return table[sign] ? table[sign][i] : 0; });
        var total = counts.reduce(function (sum, n) { return sum + n; }, 0);
        most = Math.max(most, total);
        return { lon: lon, lat: table.lat[i], counts: counts, total: total,
          x0: a.x[i], y0: a.y[i], x1: b.x[i], y1: b.y[i] };
      });
      this._most = most;
      this.redraw();
      return this;
    },

    draw: function (ctx, view) {
      var most = Math.log(1 + (this._most || 1));
      this._seen = [];
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      (this._cells || []).forEach(function (cell) {
        var x0 = cell.x0 * view.scale - view.left, x1 = cell.x1 * view.scale - view.left;
        var y0 = cell.y0 * view.scale - view.top, y1 = cell.y1 * view.scale - view.top;
        if (x1 < 0 || y1 < 0 || x0 > view.size.x || y0 > view.size.y) return;
        var lead = cell.counts.indexOf(Math.max.apply(null, cell.counts));
        ctx.globalAlpha = 0.2 + 0.6 * (Math.log(1 + cell.total) / most);
        ctx.fillStyle = geoaq.COLOURS[geoaq.SIGNS[lead]];
        ctx.fillRect(x0 + 0.5, y0 + 0.5, Math.max(1, x1 - x0 - 1), Math.max(1, y1 - y0 - 1));
        ctx.globalAlpha = 1;
        if (x1 - x0 > 34) {
          ctx.font = "12px sans-serif";
          ctx.fillStyle = "#1d1d1b";
          ctx.fillText(geoaq.number(cell.total), (x0 + x1) / 2, (y0 + y1) / 2);
        }
        this._seen.push({ cell: cell, x0: x0, y0: y0, x1: x1, y1: y1 });
      }, this);
    },

    hit: function (event) {
      if (!this._view || !this._seen) return null;
      var at = this.place(event);
      for (var i = 0; i < this._seen.length; i++) {
        var s = this._seen[i];
        if (at.x >= s.x0 && at.x <= s.x1 && at.y >= s.y0 && at.y <= s.y1) return s.cell;
      }
      return null;
    },

    words: function (cell) {
      return [geoaq.say("cell_total", { count: geoaq.number(cell.total) })].concat(
        geoaq.SIGNS.map(function (sign, i) {
          return cell.counts[i] ? geoaq.say("sign_" + sign) + " " + geoaq.number(cell.counts[i]) : "";
        }).filter(Boolean));
    },
  });

  geoaq.cells_sheet = function (pane) {
    return new Cells({ pane: pane });
  };
})();
