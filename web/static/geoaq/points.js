// The subjects on the map: signs copied from small pictures, found again through a grid of the screen.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var BUCKET = 24, APART = 3;
  var ORDER = [4, 3, 2, 1, 0];
  var POINT_BYTES = 17;
  // From so many signs on they are laid down in memory.
  var MANY = 2000;

  // A plain loop: from() would ask a function for each.
  function degrees(millionths) {
    var n = millionths.length, found = new Float64Array(n);
    for (var i = 0; i < n; i++) found[i] = millionths[i] / 1e6;
    return found;
  }

  var Points = geoaq.Sheet.extend({
    set: function (table) {
      if (table.bytes) return this.set_bytes(table.bytes);
      this._table = table;
      this._world = geoaq.world(table.lon, table.lat);
      this._place_of = {};
      this._codes = new Uint8Array(table.key.length);
      for (var i = 0; i < table.key.length; i++) {
        this._place_of[table.key[i]] = i;
        this._codes[i] = Number(table.sign[i]);
      }
      this.redraw();
      return this;
    },

    // The same as columns of numbers (points.bin); names come when the picture is there.
    set_bytes: function (bytes) {
      var n = bytes.byteLength / POINT_BYTES, lon = new Int32Array(bytes, 8 * n, n), lat = new Int32Array(bytes, 12 * n, n);
      this._table = { count: n, id: new Float64Array(bytes, 0, n) };
      this._world = geoaq.world(degrees(lon), degrees(lat));
      this._place_of = null;
      this._codes = new Uint8Array(bytes, 16 * n, n);
      return this.redraw();
    },

    // The same from tiles: world pixels at zoom 0, number and sign of each; names are asked for one by one.
    set_world: function (found) {
      this._table = { count: found.count, id: found.id };
      this._world = { x: found.x, y: found.y };
      this._place_of = null;
      this._codes = found.sign;
      return this.redraw();
    },

    table: function () { return this._table; },

    place_of: function (key) {
      if (!this._table) return -1;
      if (!this._place_of) {
        var places = this._place_of = {};
        this._table.id.forEach(function (id, i) { places[geoaq.key_of(id)] = i; });
      }
      var i = this._place_of[key];
      return i === undefined ? -1 : i;
    },

    key: function (i) {
      return this._table.key ? this._table.key[i] : geoaq.key_of(this._table.id[i]);
    },

    // A point as the pointer has it: the same thing while the same points are drawn.
    thing: function (i) {
      if (i < 0) return null;
      var last = this._thing;
      if (!last || last.i !== i || last.of !== this._table) this._thing = { i: i, of: this._table, key: this.key(i) };
      return this._thing;
    },

    // The place of a point in world pixels at zoom 0.
    spot: function (i) {
      return { x: this._world.x[i], y: this._world.y[i] };
    },

    // The lines of a tip: number and name; from tiles the verdict first, and the name when it is here.
    words: function (i, room) {
      if (this._table.label && this._table.label[i]) return [this._table.label[i]];
      var sign = geoaq.say("sign_" + geoaq.SIGNS[this._codes[i]]), lines = [sign];
      lines.later = room.live.label(this.key(i)).then(function (title) { return title ? [title, sign] : null; });
      return lines;
    },

    radius: function (zoom) {
      return zoom < 6 ? 3.2 : zoom < 8 ? 4.2 : zoom < 11 ? 5.2 : 6.2;
    },

    draw: function (ctx, view) {
      if (!this._table) return;
      var sprites = geoaq.sprites(this.radius(view.zoom), view.ratio), side = 2 * sprites.half, half = sprites.half;
      var seen = this._seen(view), ratio = view.ratio, pictures = sprites.pictures;
      if (seen.drawn > MANY) {
        var stamps = geoaq.stamps(pictures, ctx.canvas.width, ctx.canvas.height);
        each_seen(seen, function (code, x, y) { stamps.lay(code, x * ratio, y * ratio); });
        stamps.put(ctx);
      } else each_seen(seen, function (code, x, y) { ctx.drawImage(pictures[code], x - half, y - half, side, side); });
    },

    // The points in sight with their place on the canvas, and where to find them again. Of several equal signs
    // within three pixels one is drawn: the others would lie under it.
    _seen: function (view) {
      var x = this._world.x, y = this._world.y, n = x.length, codes = this._codes;
      var width = view.size.x, height = view.size.y, columns = Math.ceil(width / BUCKET) + 1;
      var lines = Math.ceil(height / BUCKET) + 1, wide = Math.ceil(width / APART) + 9;
      var taken = new Uint8Array(wide * (Math.ceil(height / APART) + 9));
      var seen = { i: new Int32Array(n), x: new Float32Array(n), y: new Float32Array(n), of: [[], [], [], [], []], count: 0, drawn: 0 };
      var heads = new Int32Array(columns * lines).fill(-1), next = new Int32Array(n);
      for (var i = 0; i < n; i++) {
        var px = x[i] * view.scale - view.left, py = y[i] * view.scale - view.top;
        if (px < -8 || py < -8 || px > width + 8 || py > height + 8) continue;
        var k = seen.count++, spot = Math.floor((py + 8) / APART) * wide + Math.floor((px + 8) / APART), bit = 1 << codes[i];
        seen.i[k] = i;
        seen.x[k] = px;
        seen.y[k] = py;
        if (!(taken[spot] & bit)) {
          taken[spot] |= bit;
          seen.of[codes[i]].push(k);
          seen.drawn++;
        }
        if (px < 0 || py < 0 || px > width || py > height) continue;
        var bucket = Math.floor(py / BUCKET) * columns + Math.floor(px / BUCKET);
        next[k] = heads[bucket];
        heads[bucket] = k;
      }
      this._found = { seen: seen, heads: heads, next: next, columns: columns, lines: lines };
      return seen;
    },

    // The number of the point under the pointer, or -1.
    hit: function (event) {
      var found = this._found;
      if (!this._view || !found) return -1;
      var at = this.place(event), best = -1, nearest = 100, rank = -1;
      var column = Math.floor(at.x / BUCKET), line = Math.floor(at.y / BUCKET);
      for (var l = Math.max(0, line - 1); l <= Math.min(found.lines - 1, line + 1); l++) {
        for (var c = Math.max(0, column - 1); c <= Math.min(found.columns - 1, column + 1); c++) {
          for (var k = found.heads[l * found.columns + c]; k >= 0; k = found.next[k]) {
            var ex = found.seen.x[k] - at.x, ey = found.seen.y[k] - at.y, d = ex * ex + ey * ey;
            var above = ORDER.indexOf(this._codes[found.seen.i[k]]);
            if (d < nearest || (d === nearest && above > rank)) {
              nearest = d;
              rank = above;
              best = found.seen.i[k];
            }
          }
        }
      }
      return best;
    },
  });

  // Signs as they lie on one another, the strongest on top.
  function each_seen(seen, hear) {
    ORDER.forEach(function (code) {
      seen.of[code].forEach(function (k) { hear(code, seen.x[k], seen.y[k]); });
    });
  }

  // What is chosen and what the pointer is on, over the signs; and the way from the chosen one to its plant.
  var Marks = geoaq.Sheet.extend({
    bare: function () {
      var marks = this.marks || {};
      return !marks.hover && !marks.from && !(marks.start && marks.to);
    },

    draw: function (ctx, view) {
      var marks = this.marks;
      if (marks.start && marks.to) {
        var a = spot(marks.start, view), b = spot(marks.to, view);
        ctx.setLineDash([5, 4]);
        line(ctx, a, b, "rgba(255,253,248,0.9)", 4);
        line(ctx, a, b, "#1d1d1b", 1.4);
        ctx.setLineDash([]);
      }
      if (marks.hover) ring(ctx, seen(marks.hover, view), 9, "#0b6e75", 2);
      if (marks.from) ring(ctx, spot(marks.from, view), 12, "#1d1d1b", 2);
    },
  });

  function spot(place, view) {
    var world = geoaq.world([place[0]], [place[1]]);
    return seen({ x: world.x[0], y: world.y[0] }, view);
  }
  function seen(world, view) {
    return [world.x * view.scale - view.left, world.y * view.scale - view.top];
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
    if (!room.embedded) geoaq.add_live(room, points, cells);
    room.points = points;
    room.show_points = function (visible) {
      room.points_hidden = !visible;
      [points, cells].forEach(function (sheet) {
        if (!visible) map.removeLayer(sheet);
        else if (room.kind === "tiles" || sheet === (room.kind === "cells" ? cells : points)) sheet.addTo(map);
        else map.removeLayer(sheet);
      });
      room.emit("layers");
    };
    room.on("filter", function (filter) {
      var turn = ++asked;
      room.points_asked = true;
      room.source.points(filter).then(function (table) {
        if (turn !== asked) return;
        room.points_asked = false;
        room.kind = table.kind;
        if (table.kind === "tiles") room.live.show(geoaq.query(filter));
        else {
          if (room.live) room.live.stop();
          (table.kind === "cells" ? cells : points).set(table);
        }
        room.show_points(!room.points_hidden);
        room.emit("drawn");
        if (table.bytes) name_points(points, filter);
      }).catch(function (error) {
        if (turn === asked) room.points_asked = false;
        room.emit("failed", error);
      });
    });
    // Names are for the pointer: they are asked for once everything is painted.
    function name_points(sheet, filter) {
      var of = sheet.table();
      room.when_drawn(function () {
        if (sheet.table() !== of) return;
        room.source.labels(filter).then(function (answer) {
          of.label = answer.label;
        }).catch(function (error) { room.emit("say", error.message); });
      });
    }
    room.on("hover", function (key) {
      var i = key === null ? -1 : points.place_of(key);
      marks.marks.hover = i < 0 ? null : points.spot(i);
      marks.redraw();
    });
    room.on("card", function (card) {
      var placed = card && card.lon !== null && card.lat !== null;
      var start = placed && card.anchor && card.anchor.from;
      marks.marks.from = placed ? [card.lon, card.lat] : null;
      // Of a site the way begins at its nearest part.
      marks.marks.start = start ? [start.lon, start.lat] : marks.marks.from;
      marks.marks.to = placed && card.anchor ? [card.anchor.lon, card.anchor.lat] : null;
      marks.redraw();
    });
    (room.pointers = room.pointers || []).push({
      order: 0,
      hit: function (event) {
        if (room.points_hidden || !points._map) return null;
        return points.thing(points.hit(event));
      },
      hover: function (one) { room.hover(one && one.key); },
      tip: function (one) { return points.words(one.i, room); },
      click: function (one) { room.select(one.key, "map"); },
    }, {
      order: 2,
      hit: function (event) { return cells._map ? cells.hit(event) : null; },
      tip: function (cell) { return cells.words(cell); },
      click: function (cell) { map.setView([cell.lat, cell.lon], Math.min(map.getZoom() + 2, 14)); },
    });
  };
})();
