// Fire pixels on the map: by class or by age, what each covers, and what the pointer is on.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var NEAR = 144, DAY_S = 86400, PIXELS = "fire_pixels", AGES = "fire_ages", FOOTPRINTS = "fire_footprints";
  var EMPTY = { count: 0 };

  geoaq.pixel_key = function (data, i) { return Math.floor(data.time[i] / DAY_S) + "-" + data.id[i]; };

  // One layer of signs; `word(data, i)` is what its legend tells apart.
  var Signs = geoaq.Sheet.extend({
    initialize: function (room, layer, word) {
      geoaq.Sheet.prototype.initialize.call(this, { pane: layer.spec.id });
      this._room = room;
      this._word = word;
      this._lines = geoaq.legend_lines(layer.spec, layer.spec.id === AGES ? "age" : "class");
      this._ring = geoaq.legend_lines(layer.spec, "kind").push;
      this._usual = { style: layer.spec.style, title: "", rank: 99 };
    },

    grow: function (zoom) { return zoom < 6 ? 0.6 : zoom < 8 ? 0.78 : zoom < 10 ? 1 : 1.2; },

    draw: function (ctx, view) {
      var data = this._room.fires.points || EMPTY, self = this, grow = this.grow(view.zoom), pictures = {}, ranks = [];
      this._seen = [];
      for (var i = 0; i < data.count; i++) {
        var x = data.x[i] * view.scale - view.left, y = data.y[i] * view.scale - view.top;
        if (x < -14 || y < -14 || x > view.size.x + 14 || y > view.size.y + 14) continue;
        var line = this._lines[this._word(data, i)] || this._usual;
        (ranks[line.rank] = ranks[line.rank] || []).push({ i: i, x: x, y: y, line: line });
      }
      this._cells(ctx, view);
      // Those that weigh most come last, over the others.
      ranks.reverse().forEach(function (some) {
        var line = some[0].line, picture = pictures[line.rank] = geoaq.style_picture(line.style, grow, view.ratio);
        var side = picture.canvas.width / view.ratio;
        some.forEach(function (one) {
          ctx.drawImage(picture.canvas, one.x - picture.half, one.y - picture.half, side, side);
          if (self._ring && data.kind[one.i] === "push") {
            geoaq.draw_style(ctx, self._ring.style, one.x, one.y, (self._ring.style.size_px / 2) * grow + 3);
          }
          self._seen.push(one);
        });
      });
    },

    // Where they are too many to tell apart: as large and as plain as they are many.
    _cells: function (ctx, view) {
      var cells = this._room.fires.cells || EMPTY, most = 1, aged = this._word.aged;
      this._squares = [];
      for (var i = 0; i < cells.count; i++) most = Math.max(most, cells.counts[i]);
      for (i = 0; i < cells.count; i++) {
        var x = cells.x[i] * view.scale - view.left, y = cells.y[i] * view.scale - view.top, half = (cells.side[i] * view.scale) / 2;
        if (x < -half || y < -half || x > view.size.x + half || y > view.size.y + half) continue;
        var share = Math.log(1 + cells.counts[i]) / Math.log(1 + most), line = aged ? this._usual : this._lines[cells.class[i]] || this._usual;
        ctx.save();
        ctx.globalAlpha = 0.5 + 0.5 * share;
        geoaq.draw_style(ctx, line.style, x, y, Math.max(1.5, Math.min(half, 7) * (0.4 + 0.6 * share)));
        ctx.restore();
        this._squares.push({ i: i, x: x, y: y, half: half });
      }
    },

    // The nearest sign under the pointer, or the cell; both stay the same thing while the same data are drawn.
    hit: function (event) {
      if (!this._view || !this._map || !this._seen) return null;
      var best = geoaq.nearest_sign(this, this._seen, event, NEAR), at = this.place(event);
      if (best) return best;
      return this._squares.filter(function (one) {
        return Math.abs(one.x - at.x) <= one.half && Math.abs(one.y - at.y) <= one.half;
      })[0] || null;
    },
  });

  // Half axes in metres to an outline on the screen: east and north of the centre, turned by the track's bearing.
  function outline(ctx, data, i, view, style) {
    var x = data.x[i] * view.scale - view.left, y = data.y[i] * view.scale - view.top;
    var lat = geoaq.lonlat(data.x[i], data.y[i])[1];
    var scale = (256 * view.scale) / (2 * Math.PI * 6378137 * Math.cos((lat * Math.PI) / 180));
    var across = data.scan[i] * 500 * scale, along = data.track[i] * 500 * scale;
    if (data.bearing[i] === null) across = along = Math.sqrt(across * along);
    ctx.beginPath();
    ctx.ellipse(x, y, across, along, ((data.bearing[i] || 0) * Math.PI) / 180, 0, 2 * Math.PI);
    if (style.fill) { ctx.globalAlpha = style.fill_opacity; ctx.fillStyle = style.fill; ctx.fill(); ctx.globalAlpha = 1; }
    ctx.setLineDash(style.dash_px);
    ctx.lineWidth = style.stroke_px;
    ctx.strokeStyle = style.stroke;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  var Footprints = geoaq.Sheet.extend({
    initialize: function (room, layer) {
      geoaq.Sheet.prototype.initialize.call(this, { pane: layer.spec.id });
      this._room = room;
      this._style = layer.spec.style;
    },
    draw: function (ctx, view) {
      var data = this._room.fires.points || EMPTY;
      for (var i = 0; i < data.count; i++) {
        if (data.scan[i] && data.track[i]) outline(ctx, data, i, view, this._style);
      }
    },
  });

  // The pixel that the pointer is on, and the one whose card is open.
  var Marks = geoaq.Sheet.extend({
    draw: function (ctx, view) {
      [[this.hovered, "#0b6e75", 11], [this.chosen, "#1d1d1b", 13]].forEach(function (mark) {
        if (!mark[0]) return;
        ctx.beginPath();
        ctx.arc(mark[0].x * view.scale - view.left, mark[0].y * view.scale - view.top, mark[2], 0, 2 * Math.PI);
        ctx.lineWidth = 2.4;
        ctx.strokeStyle = mark[1];
        ctx.stroke();
      });
    },
  });

  geoaq.add_fire_points = function (room) {
    var map = room.map, sheets = {}, marks = null;
    geoaq.drawings.fires = function (of, layer) {
      var id = layer.spec.id;
      if (id === FOOTPRINTS) return (sheets[id] = new Footprints(room, layer));
      var spec = layer.spec, aged = id === AGES;
      function word(data, i) {
        return aged ? geoaq.age_word(spec, (room.fires.span().to - data.time[i]) / 3600) : data.class[i];
      }
      word.aged = aged;
      return (sheets[id] = new Signs(room, layer, word));
    };

    geoaq.add_fire_tiles(room, function () {
      Object.keys(sheets).forEach(function (id) { sheets[id].redraw(); });
      if (marks) marks.redraw();
      room.emit("drawn");
    });

    // By class or by age: showing one takes the other away.
    var before = PIXELS;
    room.on("layers", function () {
      var on = [PIXELS, AGES].filter(function (id) { return room.layer(id) && room.layer(id).visible; });
      if (on.length === 1) before = on[0];
      else if (on.length === 2) room.show_layer(before, false);
    });

    function sheet() {
      return [PIXELS, AGES].map(function (id) { return room.layer(id) && room.layer(id).shown ? sheets[id] : null; }).filter(Boolean)[0];
    }
    function marked() {
      if (!marks) {
        var pane = map.createPane("fire-marks");
        pane.style.zIndex = 490;
        pane.style.pointerEvents = "none";
        marks = new Marks({ pane: "fire-marks" }).addTo(map);
      }
      return marks;
    }
    function world(lon, lat) {
      var at = geoaq.world([lon], [lat]);
      return { x: at.x[0], y: at.y[0] };
    }
    room.on("hover", function (key) {
      var place = key === null ? null : room.fires.places && room.fires.places[key], data = room.fires.points || EMPTY;
      if (key !== null && !place) {
        for (var i = 0; i < data.count; i++) if (geoaq.pixel_key(data, i) === key) { place = { x: data.x[i], y: data.y[i] }; break; }
      } else if (place) place = world(place.lon, place.lat);
      marked().hovered = place;
      marks.redraw();
    });
    room.on("card", function (card) {
      marked().chosen = card && card.lon !== undefined ? world(card.lon, card.lat) : null;
      marks.redraw();
    });
    function is_cell(one) { return one.half !== undefined; }
    (room.pointers = room.pointers || []).push({
      order: 0,
      hit: function (event) { var on = sheet(); return on ? on.hit(event) : null; },
      hover: function (one) { room.hover(one && !is_cell(one) ? geoaq.pixel_key(room.fires.points, one.i) : null); },
      tip: function (one) {
        if (is_cell(one)) return [geoaq.say("fire_cell", { count: geoaq.number(room.fires.cells.counts[one.i]) }), geoaq.say("fire_zoom_in")];
        var data = room.fires.points;
        var lines = geoaq.legend_lines(room.layer(PIXELS).spec, "class");
        return [lines[data.class[one.i]].title,
          [geoaq.beijing(data.time[one.i]).replace("T", " "), data.satellite_text(data.satellite[one.i]),
            data.frp[one.i] === null ? "" : data.frp[one.i] + " " + geoaq.say("unit_frp")].filter(Boolean).join(" · "),
          data.scan[one.i] && data.track[one.i] ? geoaq.say("fire_covers", { scan: data.scan[one.i], track: data.track[one.i] }) : ""].filter(Boolean);
      },
      click: function (one) {
        if (!is_cell(one)) { room.select(geoaq.pixel_key(room.fires.points, one.i), "map"); return; }
        var at = geoaq.lonlat(room.fires.cells.x[one.i], room.fires.cells.y[one.i]);
        map.setView([at[1], at[0]], Math.min(map.getZoom() + 2, 14));
      },
    });
  };
})();
