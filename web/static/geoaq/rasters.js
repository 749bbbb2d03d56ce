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

  geoaq.drawings = geoaq.drawings || {};
  geoaq.drawings.raster = function (room, layer) {
    var tiles = new geoaq.Pictures("/tiles/" + encodeURIComponent(layer.spec.id) + "/{z}/{x}/{y}.png", {
      pane: layer.spec.id, maxNativeZoom: DEEPEST, maxZoom: 22, attribution: "", className: "raster-tiles",
      bounds: [[3, 73], [54, 136]], errorTileUrl: "", keepBuffer: 1,
    });
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
})();
