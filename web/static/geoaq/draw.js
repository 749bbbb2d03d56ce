// Draw an area: it chooses the subjects inside it, and can be taken away as GeoJSON.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var LINE = { color: "#0b6e75", weight: 1.8, fillColor: "#0b6e75", fillOpacity: 0.06 };

  function words() {
    var draw = L.drawLocal.draw.handlers.polygon.tooltip;
    draw.start = geoaq.say("draw_start");
    draw.cont = geoaq.say("draw_next");
    draw.end = geoaq.say("draw_end");
    L.drawLocal.draw.handlers.polyline.error = geoaq.say("draw_crossing");
  }

  // Counter-clockwise and closed, as RFC 7946 wants its outer rings.
  function feature(corners, metres2) {
    var ring = corners.map(function (at) { return [round(at.lng), round(at.lat)]; });
    var turn = 0;
    ring.forEach(function (a, i) {
      var b = ring[(i + 1) % ring.length];
      turn += (b[0] - a[0]) * (b[1] + a[1]);
    });
    if (turn > 0) ring.reverse();
    ring.push(ring[0]);
    return { type: "FeatureCollection", features: [{ type: "Feature",
      properties: { area_ha: Math.round(metres2 / 100) / 100 },
      geometry: { type: "Polygon", coordinates: [ring] } }] };
  }

  function round(value) { return Math.round(value * 1e6) / 1e6; }

  function area_m2(corners) {
    var polygon = geodesic.Geodesic.WGS84.Polygon(false);
    corners.forEach(function (at) { polygon.AddPoint(at.lat, at.lng); });
    return Math.abs(polygon.Compute(false, true).area);
  }

  // Begin to draw a polygon. What to do is said in the middle of what is seen of the map until the pointer is on it.
  geoaq.draw_polygon = function (room, line) {
    var handler = new L.Draw.Polygon(room.map, { allowIntersection: false, showArea: false, shapeOptions: line,
      icon: new L.DivIcon({ iconSize: new L.Point(10, 10), className: "draw-corner" }),
      touchIcon: new L.DivIcon({ iconSize: new L.Point(18, 18), className: "draw-corner" }) });
    handler.enable();
    handler._tooltip.updatePosition(room.sight().getCenter());
    return handler;
  };

  geoaq.draw_tool = function (room) {
    var map = room.map, drawn = null, handler = null, button;
    var tool = { stop: stop };
    var said = el("div", { class: "tool-note", role: "status", hidden: true });
    words();

    function start() {
      room.take_tool(tool);
      handler = geoaq.draw_polygon(room, LINE);
      button.setAttribute("aria-pressed", "true");
    }
    function stop() {
      if (handler) handler.disable();
      handler = null;
      button.setAttribute("aria-pressed", "false");
      if (room.tool === tool) room.take_tool(null);
    }
    function remove() {
      if (drawn) map.removeLayer(drawn);
      drawn = null;
      said.hidden = true;
      if (room.filter.area) room.set_filter({ area: "" });
    }
    function area_of(corners) {
      return corners.slice(0, 500).map(function (at) { return round(at.lng) + "," + round(at.lat); }).join(";");
    }
    // The area may be set elsewhere, by a link, and cleared with the other filters.
    function follow(filter) {
      if (!room.has_screening() || filter.area === (drawn ? area_of(drawn.getLatLngs()[0]) : "")) return;
      if (!filter.area) { remove(); return; }
      show(filter.area.split(";").filter(Boolean).map(function (corner) {
        var at = corner.split(",");
        return [Number(at[1]), Number(at[0])];
      }), true);
    }
    function show(places, asked) {
      if (drawn) map.removeLayer(drawn);
      drawn = L.polygon(places, Object.assign({ interactive: false }, LINE)).addTo(map);
      var corners = drawn.getLatLngs()[0], size = area_m2(corners), data = feature(corners, size);
      geoaq.clear(said);
      geoaq.append(said, [el("span", {}, geoaq.say("drawn", { area: geoaq.number(size / 1e6, 1) })),
        el("button", { type: "button", class: "button small", onclick: function () {
          geoaq.offer("area.geojson", "application/geo+json", JSON.stringify(data));
        } }, geoaq.say("export_geojson")),
        el("button", { type: "button", class: "button small", onclick: remove }, geoaq.say("clear_area"))]);
      said.hidden = false;
      if (room.has_screening() && !asked) room.set_filter({ area: area_of(corners) });
    }
    map.on(L.Draw.Event.CREATED, function (event) { if (room.tool === tool) show(event.layer.getLatLngs()); });
    map.on(L.Draw.Event.DRAWSTOP, function () { window.setTimeout(stop, 0); });
    room.on("cleared", remove);
    room.on("filter", follow);
    button = geoaq.tool_button("draw", "draw", function () {
      if (room.tool === tool) stop(); else start();
    }, { "aria-pressed": "false" });
    map.getContainer().parentNode.appendChild(said);
    return button;
  };
})();
