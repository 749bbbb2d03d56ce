// Names on the map, where they have room: provinces, plants, cities, counties, in this order.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var FACE = '"Noto Sans SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif';
  var KINDS = {
    provinces: { from: 4, to: 8.9, size: 15, colour: "rgba(96,91,80,0.78)", gap: "spread" },
    cities: { from: 7, to: 11.4, size: 12.5, colour: "#6f6a5f" },
    counties: { from: 9, to: 20, size: 11.5, colour: "#8a8478" },
  };

  var Labels = geoaq.Sheet.extend({
    initialize: function (room, pane) {
      geoaq.Sheet.prototype.initialize.call(this, { pane: pane });
      this._room = room;
      this._names = { provinces: [], cities: [], counties: [] };
      // A canvas keeps the boxes that it drew for characters whose slice of the font was still to come.
      if (document.fonts) document.fonts.addEventListener("loadingdone", this.redraw.bind(this));
    },

    // Written once before the next picture, however often it is asked for.
    redraw: function () {
      var self = this;
      if (!this._soon) this._soon = window.requestAnimationFrame(function () {
        self._soon = 0;
        geoaq.Sheet.prototype.redraw.call(self);
      });
      return this;
    },

    add: function (kind, data) {
      var names = this._names[kind];
      if (!names) return;
      data.features.forEach(function (feature) {
        var p = feature.properties, at = feature.geometry && middle(feature.geometry);
        if (!at || !p.name) return;
        var world = geoaq.world([at[0]], [at[1]]);
        names.push({ text: String(p.name), x: world.x[0], y: world.y[0], extent: at[2] });
      });
      names.sort(function (a, b) { return b.extent - a.extent; });
    },

    // Rows of name, longitude, latitude, square degrees.
    add_names: function (kind, rows) {
      var world = geoaq.world(rows.map(function (row) { return row[1]; }), rows.map(function (row) { return row[2]; }));
      this._names[kind] = rows.map(function (row, i) {
        return { text: String(row[0]), x: world.x[i], y: world.y[i], extent: row[3] };
      }).sort(function (a, b) { return b.extent - a.extent; });
    },

    // The names are still to come.
    bare: function () {
      var names = this._names, plants = this._room.layer && this._room.layer("chp_anchors");
      return !names.provinces.length && !names.cities.length && !names.counties.length && !(plants && plants.shown);
    },

    draw: function (ctx, view) {
      var self = this, taken = [], room = this._room;
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      var plants = room.layer("chp_anchors");
      if (room.layer("provinces") && room.layer("provinces").visible) self._kind(ctx, view, "provinces", taken);
      if (plants && plants.shown && plants.opacity > 0 && view.zoom >= 7.5) {
        plants.sheet.plants.forEach(function (plant) {
          var x = plant.x * view.scale - view.left + 9, y = plant.y * view.scale - view.top;
          text(ctx, plant.name + " " + geoaq.power(plant.mw), x, y, "#124b50", 11.5, "left", view, taken);
        });
      }
      ["cities", "counties"].forEach(function (kind) {
        var layer = room.layer(kind);
        if (layer && layer.visible) self._kind(ctx, view, kind, taken);
      });
    },

    _kind: function (ctx, view, kind, taken) {
      var how = KINDS[kind];
      if (view.zoom < how.from || view.zoom > how.to) return;
      var size = how.size + (kind === "provinces" ? Math.max(0, (view.zoom - 5) * 2) : 0);
      this._names[kind].forEach(function (name) {
        var x = name.x * view.scale - view.left, y = name.y * view.scale - view.top;
        var words = how.gap ? spread(name.text) : name.text;
        text(ctx, words, x, y, how.colour, size, "center", view, taken);
      });
    },
  });

  function text(ctx, words, x, y, colour, size, align, view, taken) {
    if (x < -60 || y < -20 || x > view.size.x + 60 || y > view.size.y + 20) return;
    ctx.font = size + "px " + FACE;
    ctx.textAlign = align;
    var width = ctx.measureText(words).width, left = align === "center" ? x - width / 2 : x;
    var box = [left - 3, y - size * 0.7, left + width + 3, y + size * 0.7];
    for (var i = 0; i < taken.length; i++) {
      var t = taken[i];
      if (box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1]) return;
    }
    taken.push(box);
    ctx.strokeStyle = "rgba(255,253,248,0.88)";
    ctx.lineWidth = 3;
    ctx.strokeText(words, x, y);
    ctx.fillStyle = colour;
    ctx.fillText(words, x, y);
  }

  // 江苏省 as 江 苏: the short name, set wide.
  function spread(name) {
    var short = name.replace(/(壮族|回族|维吾尔)?自治区$|特别行政区$|省$|市$/, "");
    return /^[\u4e00-\u9fff]+$/.test(short) ? short.split("").join("\u2002") : short;
  }

  // The centroid of a feature's largest ring, and that ring's extent in square degrees.
  function middle(geometry) {
    var polygons = geometry.type === "Polygon" ? [geometry.coordinates]
      : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
    var best = null;
    polygons.forEach(function (rings) {
      var ring = rings[0], area = 0, x = 0, y = 0;
      for (var i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        var cross = ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
        area += cross;
        x += (ring[j][0] + ring[i][0]) * cross;
        y += (ring[j][1] + ring[i][1]) * cross;
      }
      if (area && (!best || Math.abs(area) > best[2])) best = [x / (3 * area), y / (3 * area), Math.abs(area)];
    });
    return best;
  }

  // On the served page names come by themselves, as lines come in tiles.
  geoaq.load_names = function (room) {
    if (!room.tiled) return;
    room.source.names().then(function (names) {
      Object.keys(KINDS).forEach(function (kind) { room.labels.add_names(kind, names[kind] || []); });
      room.labels.redraw();
    }).catch(function (error) { room.emit("say", error.message); });
  };

  geoaq.labels_sheet = function (room, pane) {
    return new Labels(room, pane).addTo(room.map);
  };
})();
