// The position of one project: picked on the map, or its site drawn there; both fill the form.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var LINE = { color: "#1f5fa8", weight: 1.8, fillColor: "#1f5fa8", fillOpacity: 0.14 };
  var MOST_CORNERS = 500;

  geoaq.add_site = function (room) {
    var form = document.getElementById("project-form"), place = document.getElementById("site-tools");
    if (!form || !place) return;
    var map = room.map, shown = null, handler = null;
    var lonlat = field("lonlat"), site = field("site"), datum = field("datum"), quality = field("position_quality");
    var hint = lonlat.placeholder, outline = field("site_file");
    var tool = { stop: stop };
    var pick = el("button", { type: "button", class: "button small", "aria-pressed": "false", onclick: function () { take("pick"); } },
      geoaq.say("site_pick"));
    var draw = el("button", { type: "button", class: "button small", "aria-pressed": "false", onclick: function () { take("draw"); } },
      geoaq.say("site_draw"));
    var clear = el("button", { type: "button", class: "button small", hidden: true, onclick: remove }, geoaq.say("clear_area"));
    var said = el("span", { class: "muted", role: "status" });
    geoaq.append(place, [pick, draw, clear, said]);
    place.hidden = false;

    function field(name) { return form.querySelector('[name="project.' + name + '"]'); }

    function take(what) {
      var button = what === "pick" ? pick : draw;
      if (button.getAttribute("aria-pressed") === "true") { stop(); return; }
      room.take_tool(tool);
      stop();
      room.take_tool(tool);
      button.setAttribute("aria-pressed", "true");
      said.textContent = geoaq.say(what === "pick" ? "site_pick_hint" : "site_draw_hint");
      if (room.open_sheet) room.open_sheet("");
      if (what === "pick") {
        map.getContainer().classList.add("picking");
        map.once("click", picked);
        return;
      }
      handler = new L.Draw.Polygon(map, { allowIntersection: false, showArea: false, shapeOptions: LINE,
        icon: new L.DivIcon({ iconSize: new L.Point(10, 10), className: "draw-corner" }),
        touchIcon: new L.DivIcon({ iconSize: new L.Point(18, 18), className: "draw-corner" }) });
      handler.enable();
    }

    function stop() {
      if (handler) handler.disable();
      handler = null;
      map.off("click", picked);
      map.getContainer().classList.remove("picking");
      [pick, draw].forEach(function (button) { button.setAttribute("aria-pressed", "false"); });
      said.textContent = "";
      if (room.tool === tool) room.take_tool(null);
    }

    function picked(event) {
      var at = event.latlng.wrap();
      stop();
      remove();
      lonlat.value = at.lng.toFixed(6) + ", " + at.lat.toFixed(6);
      datum.value = "WGS84";
      quality.value = "map_point";
      show(L.circleMarker([at.lat, at.lng], Object.assign({ radius: 7, interactive: false }, LINE)));
      done(lonlat);
    }

    map.on(L.Draw.Event.CREATED, function (event) {
      if (room.tool !== tool) return;
      var corners = event.layer.getLatLngs()[0].slice(0, MOST_CORNERS);
      remove();
      site.value = corners.map(function (at) { return at.lng.toFixed(6) + "," + at.lat.toFixed(6); }).join(";");
      datum.value = "WGS84";
      quality.value = "outline";
      lonlat.value = "";
      lonlat.disabled = true;
      lonlat.placeholder = geoaq.say("site_drawn", { corners: corners.length });
      show(L.polygon(corners, Object.assign({ interactive: false }, LINE)));
      done(clear);
    });
    map.on(L.Draw.Event.DRAWSTOP, function () { if (room.tool === tool) window.setTimeout(stop, 0); });
    lonlat.addEventListener("input", function () { if (shown) { map.removeLayer(shown); shown = null; } });

    function show(layer) {
      shown = layer.addTo(map);
      clear.hidden = false;
    }
    // A file of the outline stands in place of what was picked or drawn.
    outline.addEventListener("change", function () {
      remove(true);
      if (!outline.files.length) return;
      lonlat.value = "";
      lonlat.disabled = true;
      lonlat.placeholder = outline.files[0].name;
    });
    function done(next) {
      if (room.open_sheet) room.open_sheet("upload");
      next.focus();
    }
    function remove(keep_file) {
      if (keep_file !== true) outline.value = "";
      if (shown) map.removeLayer(shown);
      shown = null;
      clear.hidden = true;
      site.value = "";
      lonlat.disabled = false;
      lonlat.placeholder = hint;
    }
  };
})();
