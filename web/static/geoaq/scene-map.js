// One searched scene on the map: 4 µm and mask as pictures, fire pixels as signs by confidence.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var LAYER = "scene_fires", NEAR = 196, DEEPEST = 12;
  var PICTURES = { scene_t4: "t4", scene_mask: "mask" };
  var EMPTY = { key: [], lon: [], lat: [], grade: [], t4: [], dt: [], frp: [], order: [], x: [], y: [] };

  var Signs = geoaq.Sheet.extend({
    initialize: function (room, layer) {
      geoaq.Sheet.prototype.initialize.call(this, { pane: layer.spec.id });
      this._room = room;
      this._lines = geoaq.legend_lines(layer.spec, "confidence");
    },

    draw: function (ctx, view) {
      var scene = this._room.scene, data = scene.pixels, grow = view.zoom < 6 ? 0.6 : view.zoom < 9 ? 0.8 : 1;
      this._seen = [];
      for (var i = 0; i < data.key.length; i++) {
        var x = data.x[i] * view.scale - view.left, y = data.y[i] * view.scale - view.top;
        if (!scene.wanted(i) || x < -14 || y < -14 || x > view.size.x + 14 || y > view.size.y + 14) continue;
        this._seen.push({ i: i, x: x, y: y });
      }
      this._seen.forEach(function (one) {
        var key = data.key[one.i], style = this._lines[data.grade[one.i]].style;
        geoaq.draw_style(ctx, style, one.x, one.y, (style.size_px / 2) * grow);
        if (key === this._room.hovered) ring(ctx, one, 10, "#0b6e75");
        if (key === this._room.selected) ring(ctx, one, 12, "#1d1d1b");
      }, this);
    },

    hit: function (event) { return geoaq.nearest_sign(this, this._seen, event, NEAR); },
  });

  function ring(ctx, one, r, colour) {
    ctx.beginPath();
    ctx.arc(one.x, one.y, r, 0, 2 * Math.PI);
    // On black and on white alike.
    [["#fffdf8", 5], [colour, 2.4]].forEach(function (line) {
      ctx.strokeStyle = line[0];
      ctx.lineWidth = line[1];
      ctx.stroke();
    });
  }

  // Called before the layers are made. room.scene: at (its address), pixels (columns), facts, grades, load().
  geoaq.use_scene = function (room) {
    var sheet = null, pending = 0;
    var scene = room.scene = {
      at: "/fires/scenes/" + document.getElementById("list").getAttribute("data-scene"),
      pixels: EMPTY, facts: null, grades: [],
    };
    geoaq.drawings.fires = function (of, layer) {
      var name = PICTURES[layer.spec.id], address = scene.at + "/tiles/" + name + "/{z}/{x}/{y}.png";
      return name ? geoaq.raster_tiles(of, layer, address, { maxNativeZoom: DEEPEST }) : (sheet = new Signs(of, layer));
    };
    scene.wanted = function (i) { return !scene.grades.length || scene.grades.indexOf(scene.pixels.grade[i]) >= 0; };
    scene.filter = function (grades) {
      scene.grades = grades;
      redraw();
      room.emit("filter", grades);
    };
    scene.waiting = function () { return pending > 0; };
    scene.load = function () {
      pending++;
      return Promise.all([geoaq.fetch_json(scene.at + "/scene.json"), geoaq.fetch_json(scene.at + "/pixels.json")]).then(function (found) {
        pending--;
        scene.facts = found[0];
        scene.pixels = Object.assign(found[1], geoaq.world(found[1].lon, found[1].lat));
        redraw();
        room.emit("drawn");
        room.emit("scene", scene);
      }).catch(function (error) { pending--; room.emit("failed", error); });
    };
    function redraw() { if (sheet) sheet.redraw(); }
    geoaq.point_at_signs(room, LAYER, function () { return sheet; }, function () { return scene.pixels.key; }, function (i) {
      return [geoaq.say("scene_pixel") + " · " + geoaq.say("scene_grade_" + scene.pixels.grade[i]), geoaq.say("scene_click")];
    });
  };
})();
