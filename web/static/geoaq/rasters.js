// Raster layers of this server: pictures in the layer's own pane, which fades and is ordered like the others.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  // Deeper tiles would only repeat the same cells.
  var DEEPEST = 9;

  geoaq.drawings = geoaq.drawings || {};
  geoaq.drawings.raster = function (room, layer) {
    var tiles = L.tileLayer("/tiles/" + encodeURIComponent(layer.spec.id) + "/{z}/{x}/{y}.png", {
      pane: layer.spec.id, maxNativeZoom: DEEPEST, maxZoom: 22, attribution: "", className: "raster-tile",
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
