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

    // Cells of live tiles: the sign of the strongest, as large and as plain as they are many.
    set_marks: function (found) {
      this._marks = found;
      this._cells = null;
      var most = 1;
      found.counts.forEach(function (n) { most = Math.max(most, n); });
      this._most = most;
      return this.redraw();
    },

    _draw_marks: function (ctx, view) {
      var marks = this._marks, most = Math.log(1 + this._most), pictures = {}, seen = [];
      for (var i = 0; i < marks.count; i++) {
        var x = marks.x[i] * view.scale - view.left, y = marks.y[i] * view.scale - view.top;
        if (x < -12 || y < -12 || x > view.size.x + 12 || y > view.size.y + 12) continue;
        var half = (marks.side[i] * view.scale) / 2, share = Math.log(1 + marks.counts[i]) / most;
        var r = Math.max(1.4, Math.round(2 * Math.min(half, 7) * (0.35 + 0.6 * share)) / 2);
        if (!pictures[r]) pictures[r] = geoaq.sprites(r, view.ratio);
        var sprites = pictures[r], side = 2 * sprites.half;
        ctx.globalAlpha = 0.45 + 0.5 * share;
        ctx.drawImage(sprites.pictures[marks.sign[i]], x - sprites.half, y - sprites.half, side, side);
        seen.push({ i: i, x0: x - half, y0: y - half, x1: x + half, y1: y + half });
      }
      ctx.globalAlpha = 1;
      this._seen = seen;
    },

    draw: function (ctx, view) {
      if (this._marks && !this._cells) { this._draw_marks(ctx, view); return; }
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
        if (at.x >= s.x0 && at.x <= s.x1 && at.y >= s.y0 && at.y <= s.y1) return s.cell || this._mark(s.i);
      }
      return null;
    },

    _mark: function (i) {
      if (!this._last || this._last.i !== i || this._last.of !== this._marks) {
        var at = geoaq.lonlat(this._marks.x[i], this._marks.y[i]);
        this._last = { i: i, of: this._marks, lon: at[0], lat: at[1], total: this._marks.counts[i], sign: geoaq.SIGNS[this._marks.sign[i]] };
      }
      return this._last;
    },

    words: function (cell) {
      if (cell.sign) {
        return [geoaq.say("cell_total", { count: geoaq.number(cell.total) }),
          geoaq.say("cell_strongest", { sign: geoaq.say("sign_" + cell.sign) })];
      }
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
