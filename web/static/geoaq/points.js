// The subjects on the map: signs copied from small pictures, found again through a grid of the screen.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var BUCKET = 24;
  var ORDER = [3, 2, 1, 0];

  var Points = geoaq.Sheet.extend({
    set: function (table) {
      this._table = table;
      this._world = geoaq.world(table.lon, table.lat);
      this._place_of = {};
      for (var i = 0; i < table.key.length; i++) this._place_of[table.key[i]] = i;
      this.redraw();
      return this;
    },

    place_of: function (key) {
      var i = this._place_of ? this._place_of[key] : undefined;
      return i === undefined ? -1 : i;
    },

    radius: function (zoom) {
      return zoom < 6 ? 3.2 : zoom < 8 ? 4.2 : zoom < 11 ? 5.2 : 6.2;
    },

    draw: function (ctx, view) {
      var table = this._table;
      if (!table) return;
      var n = table.lon.length, x = this._world.x, y = this._world.y, sign = table.sign;
      var r = this.radius(view.zoom), sprites = geoaq.sprites(r, view.ratio), side = 2 * sprites.half;
      var columns = Math.ceil(view.size.x / BUCKET) + 1, buckets = {};
      for (var o = 0; o < ORDER.length; o++) {
        var code = String(ORDER[o]), picture = sprites.pictures[ORDER[o]];
        for (var i = 0; i < n; i++) {
          if (sign[i] !== code) continue;
          var px = x[i] * view.scale - view.left, py = y[i] * view.scale - view.top;
          if (px < -8 || py < -8 || px > view.size.x + 8 || py > view.size.y + 8) continue;
          ctx.drawImage(picture, px - sprites.half, py - sprites.half, side, side);
          var bucket = Math.floor(py / BUCKET) * columns + Math.floor(px / BUCKET);
          (buckets[bucket] = buckets[bucket] || []).push(i);
        }
      }
      this._buckets = buckets;
      this._columns = columns;
    },

    // The number of the point under the pointer, or -1.
    hit: function (event) {
      if (!this._view || !this._buckets) return -1;
      var view = this._view, at = this.place(event), best = -1, nearest = 100;
      var column = Math.floor(at.x / BUCKET), line = Math.floor(at.y / BUCKET);
      for (var dy = -1; dy <= 1; dy++) {
        for (var dx = -1; dx <= 1; dx++) {
          var inside = this._buckets[(line + dy) * this._columns + column + dx] || [];
          for (var k = 0; k < inside.length; k++) {
            var i = inside[k];
            var ex = this._world.x[i] * view.scale - view.left - at.x;
            var ey = this._world.y[i] * view.scale - view.top - at.y;
            if (ex * ex + ey * ey <= nearest) { nearest = ex * ex + ey * ey; best = i; }
          }
        }
      }
      return best;
    },
  });

  // What is chosen and what the pointer is on, over the signs; and the way from the chosen one to its plant.
  var Marks = geoaq.Sheet.extend({
    draw: function (ctx, view) {
      var marks = this.marks || {};
      if (marks.from && marks.to) {
        var a = spot(marks.from, view), b = spot(marks.to, view);
        ctx.setLineDash([5, 4]);
        line(ctx, a, b, "rgba(255,253,248,0.9)", 4);
        line(ctx, a, b, "#1d1d1b", 1.4);
        ctx.setLineDash([]);
      }
      if (marks.hover) ring(ctx, spot(marks.hover, view), 9, "#0b6e75", 2);
      if (marks.from) ring(ctx, spot(marks.from, view), 12, "#1d1d1b", 2);
    },
  });

  function spot(place, view) {
    var world = geoaq.world([place[0]], [place[1]]);
    return [world.x[0] * view.scale - view.left, world.y[0] * view.scale - view.top];
  }
  function line(ctx, a, b, colour, width) {
    ctx.beginPath(); ctx.moveTo(a[0], a[1]); ctx.lineTo(b[0], b[1]);
    ctx.strokeStyle = colour; ctx.lineWidth = width; ctx.stroke();
  }
  function ring(ctx, at, r, colour, width) {
    ctx.beginPath(); ctx.arc(at[0], at[1], r, 0, 2 * Math.PI);
    ctx.strokeStyle = colour; ctx.lineWidth = width; ctx.stroke();
  }

  function pane(map, name, order) {
    var made = map.createPane(name);
    made.style.zIndex = order;
    made.style.pointerEvents = "none";
    return name;
  }

  geoaq.add_points = function (room) {
    var map = room.map;
    var points = new Points({ pane: pane(map, "points", 460) });
    var cells = geoaq.cells_sheet(pane(map, "cells", 455));
    var marks = new Marks({ pane: pane(map, "marks", 490) }).addTo(map);
    var asked = 0;
    marks.marks = {};
    room.points = points;
    room.show_points = function (visible) {
      room.points_hidden = !visible;
      [points, cells].forEach(function (sheet) {
        if (!visible) map.removeLayer(sheet);
        else if (sheet === (room.kind === "cells" ? cells : points)) sheet.addTo(map);
      });
      room.emit("layers");
    };
    room.on("filter", function (filter) {
      var turn = ++asked;
      room.source.points(filter).then(function (table) {
        if (turn !== asked) return;
        room.kind = table.kind;
        (table.kind === "cells" ? cells : points).set(table);
        room.show_points(!room.points_hidden);
      }).catch(function (error) { room.emit("failed", error); });
    });
    room.on("hover", function (key) {
      var i = key === null ? -1 : points.place_of(key);
      marks.marks.hover = i < 0 ? null : [points._table.lon[i], points._table.lat[i]];
      marks.redraw();
    });
    room.on("card", function (card) {
      var placed = card && card.lon !== null && card.lat !== null;
      marks.marks.from = placed ? [card.lon, card.lat] : null;
      marks.marks.to = placed && card.anchor ? [card.anchor.lon, card.anchor.lat] : null;
      marks.redraw();
    });
    (room.pointers = room.pointers || []).push({
      order: 0,
      hit: function (event) {
        if (room.points_hidden || !points._map) return null;
        var i = points.hit(event);
        return i < 0 ? null : i;
      },
      tip: function (i) { return [points._table.label[i]]; },
      hover: function (i) { room.hover(i === null ? null : points._table.key[i]); },
      click: function (i) { room.select(points._table.key[i], "map"); },
    }, {
      order: 2,
      hit: function (event) { return cells._map ? cells.hit(event) : null; },
      tip: function (cell) { return cells.words(cell); },
      click: function (cell) { map.setView([cell.lat, cell.lon], Math.min(map.getZoom() + 2, 14)); },
    });
  };
})();
