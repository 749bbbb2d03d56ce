// Static heat sources on the map: a sign by what was decided, from near by the ring that holds most of its hits.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var LAYER = "static_sources", NEAR = 196, RING_FROM = 10;
  var EMPTY = { key: [], lon: [], lat: [], radius_m: [], decision: [], x: [], y: [] };

  var Signs = geoaq.Sheet.extend({
    initialize: function (room, layer) {
      geoaq.Sheet.prototype.initialize.call(this, { pane: layer.spec.id });
      this._room = room;
      this._lines = geoaq.legend_lines(layer.spec, "decision");
    },

    draw: function (ctx, view) {
      var data = this._room.sources.places, self = this, grow = view.zoom < 6 ? 0.7 : view.zoom < 9 ? 0.85 : 1;
      this._seen = [];
      for (var i = 0; i < data.key.length; i++) {
        var x = data.x[i] * view.scale - view.left, y = data.y[i] * view.scale - view.top;
        var ring = view.zoom >= RING_FROM ? metres(data, i, view) : 0;
        if (x < -14 - ring || y < -14 - ring || x > view.size.x + 14 + ring || y > view.size.y + 14 + ring) continue;
        this._seen.push({ i: i, x: x, y: y, ring: ring });
      }
      this._seen.forEach(function (one) {
        var key = data.key[one.i], style = self._lines[data.decision[one.i]].style;
        if (one.ring > 8) circle(ctx, one.x, one.y, one.ring, style.stroke, 1, [4, 3]);
        geoaq.draw_style(ctx, style, one.x, one.y, (style.size_px / 2) * grow);
        if (key === self._room.hovered) circle(ctx, one.x, one.y, 11, "#0b6e75", 2.4, []);
        if (key === self._room.selected) circle(ctx, one.x, one.y, 13, "#1d1d1b", 2.4, []);
      });
    },

    hit: function (event) { return geoaq.nearest_sign(this, this._seen, event, NEAR); },
  });

  function metres(data, i, view) {
    return (data.radius_m[i] * 256 * view.scale) / (2 * Math.PI * 6378137 * Math.cos((data.lat[i] * Math.PI) / 180));
  }

  function circle(ctx, x, y, r, colour, width, dash) {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.setLineDash(dash);
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  // Called before the layers are made. room.sources: filter, places (columns), query(more), load().
  geoaq.use_static_sources = function (room) {
    var sheet = null, turn = 0, pending = 0;
    var sources = room.sources = { places: EMPTY, filter: { month: "", q: "", decision: [] } };
    geoaq.drawings.fires = function (of, layer) { return (sheet = new Signs(room, layer)); };
    sources.query = function (more) {
      var filter = sources.filter;
      return geoaq.query(Object.assign({ month: filter.month, q: filter.q, decision: filter.decision.join() }, more || {}));
    };
    sources.set = function (change) {
      sources.filter = Object.assign({}, sources.filter, change);
      sources.load();
      room.emit("filter", sources.filter);
    };
    sources.waiting = function () { return pending > 0; };
    sources.load = function () {
      var mine = ++turn;
      pending++;
      return geoaq.fetch_json("/fires/static/places.json" + sources.query()).then(function (data) {
        pending--;
        if (mine !== turn) return;
        var at = geoaq.world(data.lon, data.lat);
        sources.places = Object.assign(data, at);
        redraw();
        room.emit("drawn");
        room.emit("places", data);
      }).catch(function (error) { pending--; if (mine === turn) room.emit("failed", error); });
    };
    function redraw() { if (sheet) sheet.redraw(); }
    geoaq.point_at_signs(room, LAYER, function () { return sheet; }, function () { return sources.places.key; }, function (i) {
      return [geoaq.say("static_decision_" + sources.places.decision[i]),
        geoaq.say("static_radius", { metres: geoaq.number(sources.places.radius_m[i]) }), geoaq.say("static_click")];
    });
  };
})();
