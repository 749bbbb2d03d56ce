// Raster layers of this server: pictures in the layer's own pane, which fades and is ordered like the others.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  // Deeper tiles would only repeat the same cells.
  var DEEPEST = 9;

  // Leaflet ends a picture on its way by an address of data, which the page's policy refuses: here it only loses
  // its address.
  geoaq.Pictures = L.TileLayer.extend({
    _abortLoading: function () {
      Object.keys(this._tiles).forEach(function (key) {
        var tile = this._tiles[key];
        if (tile.coords.z === this._tileZoom) return;
        tile.el.onload = tile.el.onerror = L.Util.falseFn;
        if (!tile.el.complete) this._removeTile(key);
      }, this);
    },

    _removeTile: function (key) {
      if (this._tiles[key]) this._tiles[key].el.removeAttribute("src");
      L.GridLayer.prototype._removeTile.call(this, key);
    },
  });

  // Tiles of pictures as a layer of the room, which tells when some of them did not come.
  geoaq.raster_tiles = function (room, layer, address, options) {
    var tiles = new geoaq.Pictures(address, Object.assign({
      pane: layer.spec.id, maxNativeZoom: DEEPEST, maxZoom: 22, attribution: "", className: "raster-tiles", errorTileUrl: "", keepBuffer: 1,
    }, options));
    var failed = 0;
    function tell(state) {
      if (layer.state === state) return;
      layer.state = state;
      layer.error = state === "failed" ? geoaq.say("error_network") : "";
      room.emit("layers");
    }
    tiles.on("loading", function () { failed = 0; });
    tiles.on("tileerror", function () { failed++; });
    tiles.on("load", function () { tell(failed ? "failed" : "idle"); });
    return tiles;
  };

  geoaq.drawings = geoaq.drawings || {};
  geoaq.drawings.raster = function (room, layer) {
    var address = "/tiles/" + encodeURIComponent(layer.spec.id) + "/{z}/{x}/{y}.png";
    return geoaq.raster_tiles(room, layer, address, { bounds: [[3, 73], [54, 136]] });
  };
})();
