// The layers of a view, each in its own pane: their switches, their opacity, their order; shapes from GeoJSON.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var LAND = "#f8f6f0", LOWEST = 300, SOON_MS = 100, IDLE_MS = 2000;
  // What a screening draws of its own, and therefore not before its head is there.
  var RESTED_ON = { chp_anchors: true, heating_discs: true, project_sites: true, foot_points: true, border_strips: true };

  // Ways to draw, by geometry or by what a layer is made from, that other files add: drawings.raster(room, layer)
  // gives a Leaflet layer that lives in the pane named layer.spec.id; it is put on the map and taken off by the
  // layer's switch.
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
      pane(map, spec.id, LOWEST + i);
      var way = geoaq.drawings[spec.made_from] || geoaq.drawings[spec.geometry];
      if (way) layer.loaded = way(room, layer);
      else if (spec.made_from === "plants") layer.sheet = geoaq.plants_sheet(room, layer, spec.id);
      else if (spec.made_from === "discs") layer.sheet = geoaq.discs_sheet(layer, spec.id);
      else layer.renderer = new geoaq.HatchCanvas({ pane: spec.id, padding: 0.3 });
      return layer;
    });
    room.layer = function (id) {
      return room.layers.filter(function (layer) { return layer.spec.id === id; })[0];
    };
    room.may_show = function (layer) {
      var given = layer.spec.office && !layer.spec.free;
      return !((RESTED_ON[layer.spec.id] || given) && room.has_screening() && !room.head);
    };
    room.labels = geoaq.labels_sheet(room, pane(map, "labels", 480));
    controls(room);
    geoaq.add_area_tips(room);
    function refresh() {
      room.layers.forEach(function (layer) { show(room, layer); });
      room.labels.redraw();
    }
    room.refresh = refresh;
    map.on("zoomend moveend", refresh);
    room.on("head", function (head) {
      room.layers.forEach(function (layer) {
        if (!Object.prototype.hasOwnProperty.call(head.layers, layer.spec.id)) return;
        if (!layer.spec.provided) layer.visible = layer.spec.visible;
        layer.spec.provided = true;
      });
      rearranged(room);
      refresh();
      room.emit("layers");
    });
    rearranged(room);
    if (room.tiled) refresh();
    else land(room).then(refresh, refresh);
    geoaq.load_names(room);
  };

  // What the layer card and a link may ask of the layers.
  function controls(room) {
    // Show a layer or not; what failed to load is asked for again.
    room.show_layer = function (id, visible) {
      var layer = room.layer(id);
      if (!layer) return;
      layer.visible = Boolean(visible);
      if (layer.state === "failed") layer.state = "idle";
      if (from_tiles(room, layer)) room.tiled.repaint(id);
      room.refresh();
      room.emit("layers");
    };
    // 0 (not seen) to 1; a number outside counts as the nearer end.
    room.set_opacity = function (id, value) {
      var layer = room.layer(id);
      if (!layer || !isFinite(value)) return;
      layer.opacity = Math.max(0, Math.min(1, Number(value)));
      fade(room, layer);
      if (from_tiles(room, layer)) room.tiled.repaint(id);
      room.emit("layers");
    };
    // The named layers, bottom first, change places among themselves; the others stay where they are.
    room.set_order = function (ids) {
      var named = ids.filter(function (id, i) { return ids.indexOf(id) === i; }).map(room.layer).filter(Boolean), next = 0;
      room.layers = room.layers.map(function (layer) {
        return named.indexOf(layer) < 0 ? layer : named[next++];
      });
      room.layers.forEach(function (layer, i) {
        if (room.map.getPane(layer.spec.id)) room.map.getPane(layer.spec.id).style.zIndex = LOWEST + i;
      });
      rearranged(room);
      room.emit("layers");
    };
    // Everything that is to be seen here is drawn.
    room.is_drawn = function () {
      return !room.points_asked && (!room.tiled || room.tiled.painted()) && !(room.live && room.live.waiting()) &&
        room.layers.every(function (layer) { return layer.state !== "loading"; });
    };
    // What need not be there at once: when everything is drawn and the browser has nothing else to do.
    room.when_drawn = function (work) {
      if (!room.is_drawn()) window.setTimeout(room.when_drawn, SOON_MS, work);
      else if (window.requestIdleCallback) window.requestIdleCallback(work, { timeout: IDLE_MS });
      else window.setTimeout(work, SOON_MS);
    };
  }

  function from_tiles(room, layer) {
    return Boolean(room.tiled && room.tiled.holds(layer));
  }

  // A layer in a pane of its own fades with it; one from tiles where it is painted.
  function fade(room, layer) {
    var own = room.map.getPane(layer.spec.id);
    if (own) own.style.opacity = from_tiles(room, layer) ? 1 : layer.opacity;
  }

  function rearranged(room) {
    room.layers.forEach(function (layer) { fade(room, layer); });
    if (room.tiled) room.tiled.arrange();
  }

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
    if (!spec.provided || spec.geometry === "table" || from_tiles(room, layer) || !room.may_show(layer)) return;
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
      layer.error = "";
      layer.loaded = layer.sheet ? layer.sheet.load(data) : drawn(room, layer, data);
      layer.shapes = layer.sheet || geoaq.shapes_of(data);
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
      pointToLayer: function (feature, at) { return L.circleMarker(at, { radius: layer.spec.style.size_px / 2 }); },
      style: styled(layer, is_far(room)),
    });
  }

  function styled(layer, far) {
    layer.far = far;
    return function (feature) { return geoaq.path_style(geoaq.style_of(layer.spec, feature.properties), far); };
  }

  function is_far(room) {
    return geoaq.is_far(room.map.getZoom());
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
          part.shapes = geoaq.shapes_of(data);
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
