// Layers from vector tiles on the served page: which of them share a canvas, what lies under the pointer.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var LAND = { ring: true, fill: true, fillColor: "#f8f6f0", fillOpacity: 1, stroke: false, dash: [] };
  var KEEP_BYTES = 8e6;

  // room.tiled: holds(layer), arrange(), repaint(), features(layer id, latlng), painted().
  geoaq.use_tiles = function (room) {
    var ask = geoaq.shared_tiles("/tiles/{layers}/{z}/{x}/{y}.mvt", geoaq.read_shapes, { extent: 4096, features: [] });
    var stores = {}, grounds = [], land = null, begun = !room.has_screening();

    // A screening says where to look: until then, or until it cannot, no tile is asked for.
    function begin() {
      window.setTimeout(function () {
        begun = true;
        arrange();
      }, 0);
    }
    if (!begun) {
      room.on("head", begin);
      room.on("failed", begin);
    }

    function holds(layer) {
      var own = room.head && Object.prototype.hasOwnProperty.call(room.head.layers, layer.spec.id);
      return Boolean(layer.spec.tiled && layer.spec.provided && !own);
    }

    function store(layer) {
      var id = layer.spec.id;
      if (!stores[id]) {
        stores[id] = new geoaq.Tiles(ask(id), KEEP_BYTES, function () { told(layer); });
      }
      return stores[id];
    }

    // How a layer is getting on, told when it has settled a little: a pan is no news.
    var tell = geoaq.later(150, function () {
      var changed = false;
      room.layers.forEach(function (layer) {
        if (!holds(layer) || !stores[layer.spec.id]) return;
        var tiles = stores[layer.spec.id], state = tiles.loading ? "loading" : tiles.error ? "failed" : "idle";
        changed = changed || state !== layer.state;
        layer.state = state;
        layer.error = tiles.error;
      });
      if (changed) room.emit("layers");
    });
    function told(layer) {
      if (holds(layer)) tell();
    }

    function part(layer) {
      var near = new Map(), far = new Map();
      return {
        layer: layer, tiles: store(layer),
        shown: function (zoom) {
          return layer.visible && holds(layer) && room.may_show(layer) && (layer.spec.min_zoom === null || zoom >= layer.spec.min_zoom);
        },
        alpha: function () { return layer.opacity; },
        style: function (feature, zoom) {
          var away = geoaq.is_far(zoom), made = away ? far : near;
          var raw = feature.style || (feature.style = geoaq.style_of(layer.spec, feature.properties));
          if (!made.has(raw)) made.set(raw, geoaq.path_style(raw, away));
          return made.get(raw);
        },
      };
    }

    // Layers that follow one another share one canvas; one that is drawn otherwise parts them.
    function runs() {
      var all = [], open = null;
      room.layers.forEach(function (layer) {
        if (!layer.spec.provided || layer.spec.geometry === "table") return;
        if (!holds(layer)) { open = null; return; }
        if (!open) all.push(open = []);
        open.push(layer);
      });
      return all;
    }

    function arrange() {
      if (!begun) return;
      var fresh = runs().map(function (layers) {
        var name = layers.map(function (layer) { return layer.spec.id; }).join(" ");
        var same = grounds.filter(function (ground) { return ground.name === name; })[0];
        if (same) return same;
        var ground = new geoaq.Ground(layers[0].spec.id, layers.map(part));
        ground.name = name;
        return ground;
      });
      var gone = grounds.filter(function (ground) { return fresh.indexOf(ground) < 0; });
      var added = fresh.filter(function (ground) { return grounds.indexOf(ground) < 0; });
      grounds = fresh;
      added.forEach(function (ground) { ground.addTo(room.map); });
      // What went stays until what takes its place is painted.
      function clear() { gone.splice(0).forEach(function (ground) { ground.remove(); }); }
      if (added.length) added[added.length - 1].when_painted(clear);
      else clear();
      if (!land && room.layer("provinces") && holds(room.layer("provinces"))) {
        land = new geoaq.Ground("land", [{ tiles: store(room.layer("provinces")), shown: function () { return true; },
          alpha: function () { return 1; }, style: function () { return LAND; } }]).addTo(room.map);
      }
    }

    function each_part(id, work) {
      grounds.forEach(function (ground) {
        ground.parts.forEach(function (one) { if (one.layer.spec.id === id) work(ground, one); });
      });
    }

    room.tiled = {
      holds: holds,
      arrange: arrange,
      repaint: function (id) {
        each_part(id, function (ground) { ground.repaint(); });
      },
      // What of a layer that is seen lies under a place: its features' properties.
      features: function (id, latlng) {
        var found = [];
        each_part(id, function (ground, one) {
          found = ground.at(one, latlng).map(function (feature) { return feature.properties; });
        });
        return found;
      },
      painted: function () {
        return begun && (land ? [land] : []).concat(grounds).every(function (ground) { return ground.is_painted(); });
      },
    };
  };
})();
