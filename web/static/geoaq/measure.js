// Measure along the ellipsoid (WGS 84, Karney's geodesics), not on the picture and not on a sphere.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.geodesic_m = function (a, b) {
    return geodesic.Geodesic.WGS84.Inverse(a.lat, a.lng, b.lat, b.lng).s12;
  };

  // Places along the geodesic, so that the drawn line is the measured one.
  function along(a, b) {
    var line = geodesic.Geodesic.WGS84.InverseLine(a.lat, a.lng, b.lat, b.lng);
    var steps = Math.max(1, Math.min(64, Math.ceil(line.s13 / 25000))), places = [];
    for (var i = 0; i <= steps; i++) {
      var at = line.Position((line.s13 * i) / steps);
      places.push([at.lat2, at.lon2]);
    }
    return places;
  }

  function label(latlng, words, kind) {
    return L.marker(latlng, { interactive: false, keyboard: false,
      icon: L.divIcon({ className: "measure-label " + (kind || ""), iconSize: null, html: el("span", {}, words) }) });
  }

  geoaq.measure_tool = function (room) {
    var map = room.map, group = L.layerGroup(), button, corners = [], ahead = null;
    var tool = { stop: stop };
    var said = el("div", { class: "tool-note", role: "status", hidden: true });

    function redraw() {
      group.clearLayers();
      var total = 0;
      corners.forEach(function (at, i) {
        L.circleMarker(at, { radius: 4, color: "#1d1d1b", weight: 1.5, fillColor: "#fffdf8", fillOpacity: 1,
          interactive: false }).addTo(group);
        if (i === 0) return;
        var length = geoaq.geodesic_m(corners[i - 1], at);
        total += length;
        L.polyline(along(corners[i - 1], at), { color: "#1d1d1b", weight: 1.6, interactive: false }).addTo(group);
        label(at, geoaq.length(total), "total").addTo(group);
      });
      if (ahead && corners.length) {
        var last = corners[corners.length - 1];
        L.polyline(along(last, ahead), { color: "#1d1d1b", weight: 1.2, dashArray: "4 4", interactive: false })
          .addTo(group);
        label(ahead, geoaq.length(total + geoaq.geodesic_m(last, ahead)), "ahead").addTo(group);
      }
      geoaq.clear(said);
      geoaq.append(said, corners.length > 1 ? geoaq.say("measured", { length: geoaq.length(total) })
        : geoaq.say("measure_hint"));
    }
    function click(event) { corners.push(event.latlng); redraw(); }
    function move(event) { ahead = event.latlng; if (corners.length) redraw(); }
    function done() { ahead = null; redraw(); map.off("mousemove", move); map.off("click", click); }
    function start() {
      room.take_tool(tool);
      corners = [];
      ahead = null;
      group.addTo(map);
      map.doubleClickZoom.disable();
      map.on("click", click).on("mousemove", move).on("dblclick", done);
      button.setAttribute("aria-pressed", "true");
      said.hidden = false;
      redraw();
    }
    function stop() {
      map.off("click", click).off("mousemove", move).off("dblclick", done);
      window.setTimeout(function () { map.doubleClickZoom.enable(); }, 300);
      map.removeLayer(group);
      said.hidden = true;
      button.setAttribute("aria-pressed", "false");
      if (room.tool === tool) room.take_tool(null);
    }
    button = geoaq.tool_button("measure", "measure", function () {
      if (room.tool === tool) stop(); else start();
    }, { "aria-pressed": "false" });
    map.getContainer().parentNode.appendChild(said);
    return button;
  };
})();
