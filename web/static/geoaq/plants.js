// Power plants: squares that answer to the pointer, filled once the office has confirmed their heat supply.
(function () {
  "use strict";
  var geoaq = window.geoaq;

  var PlantsSheet = geoaq.Sheet.extend({
    initialize: function (room, layer, pane) {
      geoaq.Sheet.prototype.initialize.call(this, { pane: pane });
      this._room = room;
      this._layer = layer;
      this.plants = [];
    },

    load: function (data) {
      var spec = this._layer.spec;
      var points = data.features.filter(function (feature) { return feature.geometry; });
      var lon = points.map(function (feature) { return feature.geometry.coordinates[0]; });
      var lat = points.map(function (feature) { return feature.geometry.coordinates[1]; });
      var world = geoaq.world(lon, lat);
      this.plants = points.map(function (feature, i) {
        var p = feature.properties;
        return { id: p.plant_id, name: p.name || "", mw: Number(p.installed_mw), confirmed: p.confirmed === true,
          lon: lon[i], lat: lat[i], x: world.x[i], y: world.y[i], style: geoaq.style_of(spec, p) };
      });
      this.plants.sort(function (a, b) { return b.mw - a.mw; });
      return this;
    },

    draw: function (ctx, view) {
      this._drawn = [];
      var grow = view.zoom < 6 ? 0.45 : view.zoom < 8 ? 0.8 : 1;
      for (var i = 0; i < this.plants.length; i++) {
        var plant = this.plants[i];
        var x = plant.x * view.scale - view.left, y = plant.y * view.scale - view.top;
        if (x < -20 || y < -20 || x > view.size.x + 20 || y > view.size.y + 20) continue;
        var half = (plant.style.size_px * grow) / 2;
        ctx.fillStyle = plant.style.fill || "#fffdf8";
        ctx.strokeStyle = plant.style.stroke || "#0b6e75";
        ctx.lineWidth = view.zoom < 6 ? 1 : 1.5;
        ctx.fillRect(x - half, y - half, 2 * half, 2 * half);
        ctx.strokeRect(x - half, y - half, 2 * half, 2 * half);
        this._drawn.push({ plant: plant, x: x, y: y });
      }
    },

    // The plant under the pointer, or null.
    hit: function (event) {
      if (!this._view || !this._map || !this._drawn) return null;
      var at = this.place(event), best = null, nearest = 81;
      this._drawn.forEach(function (one) {
        var d = (one.x - at.x) * (one.x - at.x) + (one.y - at.y) * (one.y - at.y);
        if (d < nearest) { nearest = d; best = one.plant; }
      });
      return best;
    },
  });

  geoaq.plants_sheet = function (room, layer, pane) {
    var sheet = new PlantsSheet(room, layer, pane);
    room.pointers = room.pointers || [];
    room.pointers.push({
      order: 1,
      hit: function (event) { return layer.shown ? sheet.hit(event) : null; },
      tip: function (plant) {
        return [plant.name, [geoaq.power(plant.mw),
          geoaq.say(plant.confirmed ? "plant_confirmed" : "plant_unconfirmed"),
          plant.id ? geoaq.say("plant_id", { id: plant.id }) : ""].filter(Boolean).join(" · ")];
      },
    });
    return sheet;
  };
})();
