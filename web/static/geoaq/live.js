// Subjects beyond what is sent whole: points and cells from live tiles, given to the sheets that draw them.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var DEEPEST = 18, KEEP_BYTES = 6e6, PARTS = 4096, LABELS = 300, DWELL_MS = 150, AHEAD = 0.15;

  // Sides of 512 to 1024 pixels: a cell, of which 64 make a side, is as large as a sign.
  function tile_zoom(zoom) {
    return Math.max(0, Math.min(DEEPEST, Math.ceil(zoom) - 2));
  }

  // Live tiles under a map: how.address with {z}, {x} and {y}, how.draw(pieces) for what is to be drawn now. Gives
  // show(query), stop(), waiting(). What is drawn stays until what takes its place is here.
  geoaq.live_tiles = function (room, how) {
    var map = room.map, store = null, shown = null, drawn = "", soon = 0, serial = 0;

    function tiles(words) {
      return Object.assign(new geoaq.Tiles(geoaq.tiles_of(how.address + words, geoaq.read_points), KEEP_BYTES), { words: String(++serial) });
    }

    function wanted() {
      var box = map.getPixelBounds(), scale = Math.pow(2, map.getZoom()), size = box.getSize();
      var x = size.x * AHEAD, y = size.y * AHEAD;
      return geoaq.tiles_in([(box.min.x - x) / scale, (box.min.y - y) / scale, (box.max.x + x) / scale, (box.max.y + y) / scale],
        tile_zoom(map.getZoom()));
    }

    // Each view asks in its own name; tiles that only the view before asked for are called off.
    function update() {
      if (!store) return;
      var from = store, view = { of: from }, all = wanted(), before = from.view;
      from.view = view;
      var asked = all.map(function (at) {
        return from.take(at[0], at[1], at[2], view).then(function () { draw_soon(); });
      });
      if (before) from.leave(before);
      Promise.all(asked.map(function (one) {
        return one.catch(function (error) { return error; });
      })).then(function (ends) {
        if (store !== from || from.view !== view) return;
        if (shown && shown !== from) shown.leave(shown.view);
        shown = from;
        var failed = ends.filter(Boolean)[0];
        if (failed) room.emit("say", failed.message);
        draw_soon();
      });
      draw_soon();
    }

    function draw_soon() {
      if (!soon) soon = window.requestAnimationFrame(draw);
    }

    // The tiles to draw: those wanted; for one that is still to come, what is here of its parents or children.
    function draw() {
      soon = 0;
      if (!shown) return;
      var pieces = [];
      wanted().forEach(function (at) {
        var data = shown.here(at[0], at[1], at[2]);
        if (data) pieces.push({ at: at, data: data, within: null });
        else stand_in(at, pieces);
      });
      var name = shown.words + " " + pieces.map(function (piece) { return piece.at.join("/") + (piece.within ? ":" + piece.within : ""); }).join(" ");
      if (name === drawn) return;
      drawn = name;
      how.draw(pieces);
    }

    function stand_in(at, pieces) {
      var z = at[0], x = at[1], y = at[2], below = [];
      for (var up = 1; up <= 4 && z - up >= 0; up++) {
        var parent = [z - up, x >> up, y >> up], data = shown.here(parent[0], parent[1], parent[2]);
        if (data) { pieces.push({ at: parent, data: data, within: at }); return; }
      }
      for (var i = 0; i < 4; i++) {
        var child = [z + 1, 2 * x + (i & 1), 2 * y + (i >> 1)], part = shown.here(child[0], child[1], child[2]);
        if (part) below.push({ at: child, data: part, within: null });
      }
      below.forEach(function (piece) { pieces.push(piece); });
    }

    map.on("moveend", update);

    return {
      show: function (words) {
        if (store && store !== shown) store.leave(store.view);
        store = tiles(words);
        shown = shown || store;
        update();
      },
      stop: function () {
        [store, shown].forEach(function (one) { if (one) one.leave(one.view); });
        store = shown = null;
        drawn = "";
      },
      waiting: function () { return Boolean(store && (store.loading || store !== shown || soon)); },
    };
  };

  // The subjects of a screening from live tiles; room.live shows the tiles of a list's filter.
  geoaq.add_live = function (room, points, cells) {
    room.live = geoaq.live_tiles(room, {
      address: "/screenings/" + encodeURIComponent(room.screening) + "/tiles/{z}/{x}/{y}.mvt",
      draw: function (pieces) {
        points.set_world(joined(pieces, "points"));
        cells.set_marks(joined(pieces, "cells"));
        room.emit("drawn");
      },
    });
    room.live.label = labels_of(room);
  };

  // Each feature of one layer: work(x, y in world pixels at zoom 0, the tile's table, its place in it, the tile's side).
  geoaq.each_feature = function (pieces, layer, work) {
    pieces.forEach(function (piece) {
      var data = piece.data, step = 256 / Math.pow(2, piece.at[0]), left = piece.at[1] * step, top = piece.at[2] * step;
      if (data.name !== layer) return;
      var within = piece.within && world_box(piece.within);
      for (var i = 0; i < data.count; i++) {
        var x = left + (data.x[i] / data.extent) * step, y = top + (data.y[i] / data.extent) * step;
        if (within && (x < within[0] || y < within[1] || x >= within[2] || y >= within[3])) continue;
        work(x, y, data, i, step);
      }
    });
  };

  // The features of one layer in world pixels at zoom 0: x, y, id, sign (its number), count, side (of a cell).
  function joined(pieces, layer) {
    var n = 0;
    pieces.forEach(function (piece) { if (piece.data.name === layer) n += piece.data.count; });
    var all = { count: 0, x: new Float64Array(n), y: new Float64Array(n), id: new Float64Array(n), sign: new Uint8Array(n),
      counts: new Float64Array(n), side: new Float64Array(n) };
    geoaq.each_feature(pieces, layer, function (x, y, data, i, step) {
      var k = all.count++, signs = data.values.verdict || [], counts = data.values.count || [];
      all.x[k] = x;
      all.y[k] = y;
      all.id[k] = data.id[i];
      all.sign[k] = Math.max(0, geoaq.SIGNS.indexOf(signs[i]));
      all.counts[k] = counts[i] || 1;
      all.side[k] = step / 64;
    });
    ["x", "y", "id", "sign", "counts", "side"].forEach(function (name) { all[name] = all[name].subarray(0, all.count); });
    return all;
  }

  function world_box(at) {
    var step = 256 / Math.pow(2, at[0]);
    return [at[1] * step, at[2] * step, (at[1] + 1) * step, (at[2] + 1) * step];
  }

  // The key of a subject from its number in a tile, and back.
  geoaq.key_of = function (id) { return Math.floor(id / PARTS) + "-" + (id % PARTS); };
  geoaq.id_of = function (key) {
    var parts = key.split("-").map(Number);
    return parts[0] * PARTS + parts[1];
  };

  // Names are asked for one by one, when the pointer rests on a sign; the last few hundred are kept.
  function labels_of(room) {
    var kept = new Map();
    return function (key) {
      if (kept.has(key)) return Promise.resolve(kept.get(key));
      return new Promise(function (resolve) { window.setTimeout(resolve, DWELL_MS); }).then(function () {
        if (room.hovered !== key) return null;
        return room.source.card(key).then(function (card) {
          kept.set(key, card.title);
          if (kept.size > LABELS) kept.delete(kept.keys().next().value);
          return card.title;
        }, function () { return null; });
      });
    };
  }
})();
