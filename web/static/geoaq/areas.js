// Boundaries and areas from GeoJSON, each layer in its own pane, in the order of the view.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var LAND = "#f8f6f0";
  // What a screening draws of its own, and therefore not before its head is there.
  var RESTED_ON = { chp_anchors: true, heating_discs: true, project_sites: true, foot_points: true, border_strips: true };

  // Leaflet's canvas with hatched fills for layers that ask for them.
  var HatchCanvas = L.Canvas.extend({
    _fillStroke: function (ctx, layer) {
      if (layer.options.hatch) {
        ctx.save();
        ctx.globalAlpha = 0.45;
        ctx.fillStyle = ctx.createPattern(hatching(layer.options.color), "repeat");
        ctx.fill("evenodd");
        ctx.restore();
      }
      L.Canvas.prototype._fillStroke.call(this, ctx, layer);
    },
  });

  function hatching(colour) {
    var tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    var ctx = tile.getContext("2d");
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    ctx.moveTo(-2, 10); ctx.lineTo(10, -2);
    ctx.moveTo(-2, 2); ctx.lineTo(2, -2);
    ctx.moveTo(6, 10); ctx.lineTo(10, 6);
    ctx.stroke();
    return tile;
  }

  // The style of a feature: that of the legend line whose `when` it fits, else the layer's.
  geoaq.style_of = function (spec, properties) {
    for (var i = 0; i < spec.legend.length; i++) {
      var when = spec.legend[i].when, names = Object.keys(when);
      var fits = names.length > 0 && names.every(function (name) { return properties[name] === when[name]; });
      if (fits) return spec.legend[i].style;
    }
    return spec.style;
  };

  // From far away lines are thinner and whole: dashes around a disc of a few pixels are only noise.
  function path_style(style, far) {
    return {
      stroke: style.stroke !== null, color: style.stroke || undefined, weight: style.stroke_px * (far ? 0.6 : 1),
      dashArray: style.dash_px.length && !far ? style.dash_px.join(" ") : null,
      fill: style.fill !== null, fillColor: style.fill || undefined, fillOpacity: style.fill_opacity,
      hatch: style.hatch, interactive: false, lineJoin: "round",
    };
  }

  // Ways to draw, by geometry, that other files add: drawings.raster(room, layer) gives a Leaflet layer that
  // lives in the pane named layer.spec.id; it is put on the map and taken off by the layer's switch.
  geoaq.drawings = geoaq.drawings || {};

  function pane(map, name, order) {
    var made = map.createPane(name);
    made.style.zIndex = order;
    made.style.pointerEvents = "none";
    return name;
  }

  geoaq.add_layers = function (room, options) {
    var map = room.map;
    pane(map, "land", 200);
    room.layers = options.layers.map(function (spec, i) {
      var layer = { spec: spec, visible: spec.visible && spec.provided, opacity: 1, loaded: null, state: "idle", error: "" };
      if (spec.geometry === "table") return layer;
      pane(map, spec.id, 300 + i);
      if (geoaq.drawings[spec.geometry]) layer.loaded = geoaq.drawings[spec.geometry](room, layer);
      else if (spec.made_from === "plants") layer.sheet = geoaq.plants_sheet(room, layer, spec.id);
      else layer.renderer = new HatchCanvas({ pane: spec.id, padding: 0.3 });
      return layer;
    });
    room.layer = function (id) {
      return room.layers.filter(function (layer) { return layer.spec.id === id; })[0];
    };
    room.labels = geoaq.labels_sheet(room, pane(map, "labels", 480));
    // Show a layer or not; what failed to load is asked for again.
    room.show_layer = function (id, visible) {
      var layer = room.layer(id);
      if (!layer) return;
      layer.visible = Boolean(visible);
      if (layer.state === "failed") layer.state = "idle";
      refresh();
      room.emit("layers");
    };
    // 0 (not seen) to 1; a number outside counts as the nearer end.
    room.set_opacity = function (id, value) {
      var layer = room.layer(id);
      if (!layer || !isFinite(value)) return;
      layer.opacity = Math.max(0, Math.min(1, Number(value)));
      if (map.getPane(id)) map.getPane(id).style.opacity = layer.opacity;
      room.emit("layers");
    };
    // The named layers, bottom first, change places among themselves; the others stay where they are.
    room.set_order = function (ids) {
      var named = ids.filter(function (id, i) { return ids.indexOf(id) === i; }).map(room.layer).filter(Boolean), next = 0;
      room.layers = room.layers.map(function (layer) {
        return named.indexOf(layer) < 0 ? layer : named[next++];
      });
      room.layers.forEach(function (layer, i) {
        if (map.getPane(layer.spec.id)) map.getPane(layer.spec.id).style.zIndex = 300 + i;
      });
      room.emit("layers");
    };
    function refresh() {
      room.layers.forEach(function (layer) { show(room, layer); });
      room.labels.redraw();
    }
    map.on("zoomend moveend", refresh);
    room.on("head", function (head) {
      room.layers.forEach(function (layer) {
        if (!Object.prototype.hasOwnProperty.call(head.layers, layer.spec.id)) return;
        if (!layer.spec.provided) layer.visible = layer.spec.visible;
        layer.spec.provided = true;
      });
      refresh();
      room.emit("layers");
    });
    land(room).then(refresh, refresh);
  };

  // The ground under everything, and what the labels and the county lines need to know of each province.
  function land(room) {
    var layer = room.layer("provinces");
    room.provinces = [];
    if (!layer || !layer.spec.provided) return Promise.resolve();
    return room.source.layer("provinces").then(function (data) {
      layer.data = data;
      L.geoJSON(data, {
        pane: "land", renderer: L.canvas({ pane: "land", padding: 0.3 }), interactive: false,
        style: { stroke: false, fill: true, fillColor: LAND, fillOpacity: 1 },
      }).addTo(room.map);
      room.provinces = data.features.map(function (feature) {
        return { adcode: String(feature.properties.adcode), bounds: L.geoJSON(feature).getBounds() };
      });
    });
  }

  // Put a layer on the map or take it off, by its switch and the zoom; load it when first needed.
  function show(room, layer) {
    var spec = layer.spec;
    if (!spec.provided || spec.geometry === "table") return;
    if (RESTED_ON[spec.id] && room.has_screening() && !room.head) return;
    var wanted = layer.visible && (spec.min_zoom === null || room.map.getZoom() >= spec.min_zoom);
    if (spec.id === "counties") {
      counties(room, layer, wanted);
      return;
    }
    if (!wanted) {
      if (layer.shown) room.map.removeLayer(layer.shown);
      layer.shown = null;
      return;
    }
    if (layer.shown && layer.renderer && layer.far !== is_far(room)) layer.shown.setStyle(styled(layer, is_far(room)));
    if (layer.shown || layer.state === "loading" || layer.state === "failed") return;
    if (layer.loaded) {
      layer.shown = layer.loaded.addTo(room.map);
      return;
    }
    layer.state = "loading";
    (layer.data ? Promise.resolve(layer.data) : room.source.layer(spec.id)).then(function (data) {
      layer.state = "idle";
      layer.loaded = layer.sheet ? layer.sheet.load(data) : drawn(room, layer, data);
      layer.count = data.features.length;
      if (spec.made_from === "boundaries") room.labels.add(spec.id, data);
      if (spec.made_from === "user") say_coarse(room, spec, data);
      room.emit("layers");
      show(room, layer);
      room.labels.redraw();
    }).catch(function (error) {
      layer.state = "failed";
      layer.error = error.message;
      room.emit("layers");
    });
  }

  // An office's own layer is drawn simplified; where that could be seen, it is said.
  function say_coarse(room, spec, data) {
    if (data.tolerance_m > 10) room.emit("say", geoaq.say("layer_coarse", { name: spec.title, metres: data.tolerance_m }));
    if (data.left_out) room.emit("say", geoaq.say("layer_cut", { name: spec.title, count: geoaq.number(data.left_out) }));
  }

  function drawn(room, layer, data) {
    return L.geoJSON(data, {
      pane: layer.spec.id, renderer: layer.renderer, interactive: false, smoothFactor: 0.6,
      style: styled(layer, is_far(room)),
    });
  }

  function styled(layer, far) {
    layer.far = far;
    return function (feature) { return path_style(geoaq.style_of(layer.spec, feature.properties), far); };
  }

  function is_far(room) {
    return room.map.getZoom() < 6;
  }

  // County lines come province by province, when one is in sight.
  function counties(room, layer, wanted) {
    layer.parts = layer.parts || {};
    var sight = room.map.getBounds();
    room.provinces.forEach(function (province) {
      var part = layer.parts[province.adcode];
      var seen = wanted && sight.intersects(province.bounds);
      if (!seen) {
        if (part && part.shown) room.map.removeLayer(part.lines);
        if (part) part.shown = false;
      } else if (!part) {
        part = layer.parts[province.adcode] = { lines: null, shown: false };
        room.source.counties(province.adcode).then(function (data) {
          part.lines = drawn(room, layer, data);
          room.labels.add("counties", data);
          counties(room, layer, layer.visible && room.map.getZoom() >= layer.spec.min_zoom);
          room.labels.redraw();
        }).catch(function () { layer.parts[province.adcode] = undefined; });
      } else if (part.lines && !part.shown) {
        part.lines.addTo(room.map);
        part.shown = true;
      }
    });
  }
})();
