// The base map from outside, where the installation names one: tiles over the paper and under every layer. While they
// fail, the map's own water is the ground. Its credit and the number of the approval stand beside the scale.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  // What the outside map shows itself.
  var OWN_GROUND = ["water", "rivers"];
  // So many failures tell more than a tile that is not there.
  var FEW = 4;

  geoaq.add_basemap = function (room) {
    var base = room.options.base, corner = document.querySelector(".readout");
    var credit = el("span", { class: "map-credit" });
    function tell(up) {
      geoaq.clear(credit);
      var words = [up ? geoaq.say("base_map_credit", { name: base.attribution }) : "",
        room.options.approval ? geoaq.say("map_approval", { number: room.options.approval }) : ""].filter(Boolean);
      geoaq.append(credit, words.join(" · "));
      credit.hidden = !words.length;
      var net = document.getElementById("net");
      if (net) net.textContent = up ? geoaq.say("base_map_on", { name: base.title }) : geoaq.say("base_map_off");
    }
    if (corner) corner.appendChild(credit);
    tell(false);
    if (base) draw(room, base, tell);
  };

  function draw(room, base, tell) {
    var pane = room.map.createPane("base"), up = null, warned = false, hidden = [];
    pane.style.zIndex = 210;
    pane.style.pointerEvents = "none";
    // What is usual changes with it: a link need not name it.
    function ground(id, on) {
      room.layer(id).spec.visible = on;
      room.show_layer(id, on);
    }
    // There while at least as many tiles came as failed since the map last moved.
    function settle(now) {
      if (up === now) return;
      up = now;
      pane.style.visibility = up ? "" : "hidden";
      tell(up);
      if (up) {
        hidden = OWN_GROUND.filter(function (id) { return room.layer(id) && room.layer(id).visible; });
        hidden.forEach(function (id) { ground(id, false); });
        return;
      }
      hidden.splice(0).forEach(function (id) { ground(id, true); });
      if (!warned) room.emit("say", geoaq.say("base_map_failed", { name: base.title }));
      warned = true;
    }
    base.urls.forEach(function (url, i) {
      var tiles = new geoaq.Pictures(url, { pane: "base", zIndex: i + 1, maxNativeZoom: base.max_native_zoom, maxZoom: 22,
        referrerPolicy: "origin", className: "base-tiles" });
      if (i === 0) watch(room.map, tiles, settle);
      tiles.addTo(room.map);
    });
    room.basemap = { is_up: function () { return up; } };
  }

  // Weigh each tile as it comes or fails: what fails while others are still on their way is not left to the next move.
  function watch(map, tiles, settle) {
    var came = 0, failed = 0;
    map.on("moveend", function () { came = failed = 0; });
    tiles.on("tileload", function () {
      came++;
      if (came >= failed) settle(true);
    });
    tiles.on("tileerror", function () {
      failed++;
      if (failed > came && failed >= FEW) settle(false);
    });
    tiles.on("load", function () { if (failed > came) settle(false); });
  }
})();
