// Lines and areas from vector tiles, painted onto square blocks of canvas at the map's own scale.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var SIDE = 512, AHEAD = 160, DEEPEST = 9, FRAME_MS = 8, FIRST_MS = 100, NEAR = 5;
  var waiting = [];

  // Paint block after block, a few milliseconds a frame, so that the hand that pans is not held up; of the very first
  // picture as many as are there, for each frame costs a copy of its own.
  function paint_soon(work, first) {
    waiting.push({ work: work, ms: first ? FIRST_MS : FRAME_MS });
    if (waiting.length === 1) window.requestAnimationFrame(paint_some);
  }
  function paint_some() {
    var from = performance.now(), one;
    do {
      one = waiting.shift();
      one.work();
    } while (waiting.length && performance.now() < from + one.ms);
    if (waiting.length) window.requestAnimationFrame(paint_some);
  }

  // Tiles of this zoom are drawn at a map zoom: their sides are 256 to 512 pixels until there are none deeper.
  function tile_zoom(zoom) {
    return Math.max(0, Math.min(DEEPEST, Math.ceil(zoom) - 1));
  }

  // parts, lowest first: {tiles: Tiles, shown(zoom): boolean, alpha(): 0..1, style(feature, zoom): a path's style}.
  geoaq.Ground = L.Layer.extend({
    initialize: function (pane, parts) {
      this.options = { pane: pane };
      this.parts = parts;
      this._levels = [];
      this._heard = [];
    },

    getEvents: function () {
      return { zoom: this._place, viewreset: this._place, zoomanim: this._follow, moveend: this._update,
        move: L.Util.throttle(this._ahead, 120, this), resize: this._update };
    },

    onAdd: function () {
      this._update();
    },

    onRemove: function () {
      this._levels.slice().forEach(this._drop_level, this);
    },

    // Paint what is seen anew, with the same blocks: nothing vanishes in between.
    repaint: function () {
      var level = this._level();
      if (level) level.blocks.forEach(function (block) { this._fill(block); }, this);
    },

    // Call once when all that is in sight is painted.
    when_painted: function (work) {
      this._heard.push(work);
      this._look();
    },

    is_painted: function () {
      var level = this._level();
      return Boolean(level) && level.zoom === this._map.getZoom() && this._done(level);
    },

    // The areas of the topmost of `parts` under a place that has some there.
    at: function (part, latlng) {
      var zoom = this._map.getZoom(), z = tile_zoom(zoom), n = Math.pow(2, z);
      var world = geoaq.world([latlng.lng], [latlng.lat]), x = (world.x[0] * n) / 256, y = (world.y[0] * n) / 256;
      var data = part.shown(zoom) && part.tiles.here(z, Math.floor(x), Math.floor(y));
      if (!data) return [];
      var px = (x - Math.floor(x)) * data.extent, py = (y - Math.floor(y)) * data.extent;
      return data.features.filter(function (feature) {
        var box = feature.box;
        return feature.ring && px >= box[0] && px <= box[2] && py >= box[1] && py <= box[3] && inside(feature, px, py);
      });
    },

    _level: function () { return this._levels[this._levels.length - 1]; },

    _new_level: function (zoom) {
      var map = this._map, el = document.createElement("div");
      el.className = "ground leaflet-zoom-animated";
      el.setAttribute("aria-hidden", "true");
      var level = { zoom: zoom, el: el, blocks: new Map(), origin: map.getPixelOrigin() };
      // A new scale waits behind the old one until it is whole.
      if (this._levels.length) el.classList.add("unseen");
      this._levels.push(level);
      this._set(level, map.getCenter(), map.getZoom());
      this.getPane().appendChild(el);
      return level;
    },

    _set: function (level, center, zoom) {
      var scale = this._map.getZoomScale(zoom, level.zoom);
      var at = level.origin.multiplyBy(scale).subtract(this._map._getNewPixelOrigin(center, zoom)).round();
      L.DomUtil.setTransform(level.el, at, scale);
    },

    _place: function () {
      this._levels.forEach(function (level) { this._set(level, this._map.getCenter(), this._map.getZoom()); }, this);
    },

    _follow: function (event) {
      this._levels.forEach(function (level) { this._set(level, event.center, event.zoom); }, this);
    },

    _ahead: function () {
      var level = this._level();
      if (this._map && level && level.zoom === this._map.getZoom() && !this._map._animatingZoom) this._update();
    },

    // Make the blocks in sight; drop those far off.
    _update: function () {
      var map = this._map, zoom = map.getZoom(), level = this._level();
      if (!level || level.zoom !== zoom) level = this._new_level(zoom);
      this._levels.slice(1, -1).forEach(this._drop_level, this);
      var seen = map.getPixelBounds(), ahead = new L.Point(AHEAD, AHEAD);
      level.sight = { min: seen.min.divideBy(SIDE).floor(), max: seen.max.divideBy(SIDE).ceil() };
      level.beyond = { min: seen.min.subtract(ahead).divideBy(SIDE).floor(), max: seen.max.add(ahead).divideBy(SIDE).ceil() };
      level.blocks.forEach(function (block) {
        var min = level.beyond.min, max = level.beyond.max;
        if (block.x < min.x - 1 || block.y < min.y - 1 || block.x > max.x || block.y > max.y) this._drop(block);
      }, this);
      this._make(level, level.sight);
      this._look();
    },

    _make: function (level, range) {
      for (var y = range.min.y; y < range.max.y; y++) {
        for (var x = range.min.x; x < range.max.x; x++) {
          if (level.blocks.has(x + " " + y)) continue;
          var block = { x: x, y: y, level: level, canvas: null, turn: 0, done: false };
          level.blocks.set(x + " " + y, block);
          this._fill(block);
        }
      }
    },

    // Fetch what a block needs, then paint it.
    _fill: function (block) {
      var self = this, turn = ++block.turn, zoom = block.level.zoom, scale = Math.pow(2, zoom);
      var box = [block.x, block.y, block.x + 1, block.y + 1].map(function (n) { return (n * SIDE) / scale; });
      block.done = false;
      block.tiles = geoaq.tiles_in(box, tile_zoom(zoom));
      var asked = [];
      this.parts.forEach(function (part) {
        if (!part.shown(zoom)) return;
        block.tiles.forEach(function (at) {
          asked.push(part.tiles.take(at[0], at[1], at[2], block).catch(function () { return null; }));
        });
      });
      Promise.all(asked).then(function () {
        if (turn !== block.turn) return;
        paint_soon(function () {
          if (turn !== block.turn) return;
          self._paint(block);
          block.done = true;
          self._look();
        }, !self._whole);
      });
    },

    _paint: function (block) {
      var zoom = block.level.zoom, side = 256 * Math.pow(2, zoom - tile_zoom(zoom)), ctx = null;
      var ratio = window.devicePixelRatio || 1;
      function canvas() {
        if (ctx) return ctx;
        if (!block.canvas) {
          block.canvas = document.createElement("canvas");
          block.canvas.className = "block";
          L.DomUtil.setPosition(block.canvas, new L.Point(block.x * SIDE, block.y * SIDE).subtract(block.level.origin));
          block.level.el.appendChild(block.canvas);
        }
        if (block.canvas.width !== SIDE * ratio) block.canvas.width = block.canvas.height = SIDE * ratio;
        ctx = block.canvas.getContext("2d");
        ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
        ctx.clearRect(0, 0, SIDE, SIDE);
        ctx.lineJoin = "round";
        return ctx;
      }
      this.parts.forEach(function (part) {
        if (!part.shown(zoom)) return;
        block.tiles.forEach(function (at) {
          var data = part.tiles.here(at[0], at[1], at[2]);
          if (!data || !data.features.length) return;
          var left = at[1] * side - block.x * SIDE, top = at[2] * side - block.y * SIDE, k = side / data.extent;
          paint_tile(canvas, part, data.features, zoom, { left: left, top: top, k: k, extent: data.extent,
            box: [Math.round(left), Math.round(top), Math.round(left + side), Math.round(top + side)] });
        });
      });
      if (!ctx && block.canvas) {
        L.DomUtil.remove(block.canvas);
        block.canvas = null;
      }
    },

    _done: function (level) {
      var sight = level.sight, all = true;
      level.blocks.forEach(function (block) {
        var seen = block.x >= sight.min.x && block.x < sight.max.x && block.y >= sight.min.y && block.y < sight.max.y;
        if (seen && !block.done) all = false;
      });
      return all;
    },

    // Is the newest scale whole: it takes the place of the one before, whoever waits is told, and what lies a
    // little beyond the sight is made.
    _look: function () {
      var level = this._level();
      if (!level || !level.sight || !this._done(level)) return;
      this._whole = true;
      level.el.classList.remove("unseen");
      while (this._levels.length > 1) this._drop_level(this._levels[0]);
      this._heard.splice(0).forEach(function (work) { work(); });
      this._make(level, level.beyond);
    },

    _drop: function (block) {
      block.turn++;
      this.parts.forEach(function (part) { part.tiles.leave(block); });
      if (block.canvas) L.DomUtil.remove(block.canvas);
      block.level.blocks.delete(block.x + " " + block.y);
    },

    _drop_level: function (level) {
      level.blocks.forEach(this._drop, this);
      L.DomUtil.remove(level.el);
      this._levels.splice(this._levels.indexOf(level), 1);
    },
  });

  // One tile's share of a block: features of the same style are one path, cut at the tile's edge on whole pixels.
  function paint_tile(canvas, part, features, zoom, view) {
    var of_style = new Map();
    features.forEach(function (feature) {
      var box = feature.box, k = view.k;
      if (box[2] * k + view.left < -NEAR || box[3] * k + view.top < -NEAR || box[0] * k + view.left > SIDE + NEAR ||
        box[1] * k + view.top > SIDE + NEAR) return;
      var style = part.style(feature, zoom);
      if (of_style.has(style)) of_style.get(style).push(feature);
      else of_style.set(style, [feature]);
    });
    if (!of_style.size) return;
    var ctx = canvas(), edge = view.box, alpha = part.alpha();
    ctx.save();
    ctx.beginPath();
    ctx.rect(edge[0], edge[1], edge[2] - edge[0], edge[3] - edge[1]);
    ctx.clip();
    of_style.forEach(function (some, style) {
      ctx.beginPath();
      some.forEach(function (feature) { trace(ctx, feature, view); });
      if (style.fill && some[0].ring) {
        ctx.globalAlpha = alpha * style.fillOpacity;
        ctx.fillStyle = style.fillColor;
        ctx.fill();
      }
      if (style.hatch) {
        ctx.globalAlpha = alpha * 0.45;
        ctx.fillStyle = ctx.createPattern(geoaq.hatching(style.color), "repeat");
        ctx.fill();
      }
      if (style.stroke) {
        ctx.globalAlpha = alpha;
        ctx.strokeStyle = style.color;
        ctx.lineWidth = style.weight;
        if (style.dash.length) geoaq.stroke_dashed(ctx, some, view, style.dash);
        else ctx.stroke();
      }
    });
    ctx.restore();
  }

  function trace(ctx, feature, view) {
    var c = feature.coords, k = view.k, left = view.left, top = view.top, i = 0;
    for (var e = 0; e < feature.ends.length; e++) {
      var end = feature.ends[e];
      ctx.moveTo(c[i] * k + left, c[i + 1] * k + top);
      for (i += 2; i < end; i += 2) ctx.lineTo(c[i] * k + left, c[i + 1] * k + top);
      if (feature.ring) ctx.closePath();
    }
  }

  // Even and odd crossings; holes are rings like the others.
  function inside(feature, px, py) {
    var c = feature.coords, from = 0, within = false;
    feature.ends.forEach(function (end) {
      for (var i = from, j = end - 2; i < end; j = i, i += 2) {
        if (c[i + 1] > py !== c[j + 1] > py && px < ((c[j] - c[i]) * (py - c[i + 1])) / (c[j + 1] - c[i + 1]) + c[i]) within = !within;
      }
      from = end;
    });
    return within;
  }
})();
