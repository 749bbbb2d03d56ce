// The office's zones and permits on the map: drawn by kind and state, found under the pointer, one of them marked.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var LAYER = "noburn_zones", NAMED = 4;

  // Called before the layers are made. room.zones: filter, query(more), set(change), load(), waiting().
  geoaq.use_zones = function (room) {
    var layer = null, group = L.layerGroup(), shapes = null, data = null, turn = 0, pending = 0;
    var marks = {}, places = {};
    var zones = room.zones = { filter: { kind: "", state: [], q: "" } };
    geoaq.drawings.fires = function (of, made) {
      layer = made;
      layer.canvas = new geoaq.HatchCanvas({ pane: made.spec.id, padding: 0.3 });
      return group;
    };
    zones.query = function (more) {
      var filter = zones.filter;
      return geoaq.query(Object.assign({ kind: filter.kind, state: filter.state.join(), q: filter.q }, more || {}));
    };
    zones.set = function (change) {
      zones.filter = Object.assign({}, zones.filter, change);
      zones.load();
      room.emit("filter", zones.filter);
    };
    zones.waiting = function () { return pending > 0; };
    zones.load = function () {
      var mine = ++turn;
      pending++;
      return geoaq.fetch_json("/fires/zones/outlines.geojson" + zones.query()).then(function (found) {
        pending--;
        if (mine !== turn) return;
        data = found;
        shapes = geoaq.shapes_of(data);
        places = {};
        data.features.forEach(function (feature) { places[feature.properties.key] = feature; });
        draw();
        ["hovered", "selected"].forEach(mark);
        room.emit("places", data);
      }).catch(function (error) { pending--; if (mine === turn) room.emit("failed", error); });
    };
    function draw() {
      if (!data || !layer) return;
      var far = geoaq.is_far(room.map.getZoom());
      group.clearLayers();
      group.addLayer(L.geoJSON(data, { pane: layer.spec.id, renderer: layer.canvas, interactive: false, smoothFactor: 0.6,
        pointToLayer: function (feature, at) { return L.circleMarker(at, { radius: 5 }); },
        style: function (feature) { return geoaq.path_style(geoaq.style_of(layer.spec, feature.properties), far); } }));
    }
    function mark(name) {
      if (marks[name]) room.map.removeLayer(marks[name]);
      marks[name] = null;
      var feature = room[name] !== null && places[room[name]];
      if (!feature) return;
      marks[name] = L.geoJSON(feature, { interactive: false, pointToLayer: function (one, at) { return L.circleMarker(at, { radius: 8 }); },
        style: { color: name === "selected" ? "#1d1d1b" : "#0b6e75", weight: 3, fill: false } }).addTo(room.map);
    }
    room.on("hover", function () { mark("hovered"); });
    room.on("select", function () { mark("selected"); });
    room.map.on("zoomend", draw);

    // Lines of a tip stand for themselves: the same zones are the same thing.
    (room.pointers = room.pointers || []).push({
      order: 2,
      hit: function (event) {
        if (!layer || !layer.shown || !shapes) return null;
        var found = shapes.at(event.latlng.lng, event.latlng.lat).map(function (one) { return one.key; });
        return found.length ? found.join(" ") : null;
      },
      tip: function (keys) {
        var names = keys.split(" ").map(function (key) { return (places[key] && places[key].properties.name) || geoaq.say("zone_unnamed"); });
        return names.slice(0, NAMED).concat(names.length > NAMED ? "…" : [], geoaq.say("zone_click"));
      },
      hover: function (keys) { room.hover(keys ? keys.split(" ")[0] : null); },
      // Of several that lie on each other, the next one at each click.
      click: function (keys) {
        var all = keys.split(" ");
        room.select(all[(all.indexOf(room.selected) + 1) % all.length], "map");
      },
    });
  };
})();
