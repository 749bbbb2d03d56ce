// Tools on the map: zoom, whole extent, measure, draw, full screen, print; scale and coordinates.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.tool_button = function (icon, code, work, more) {
    return el("button", Object.assign({ type: "button", class: "tool", title: geoaq.say(code),
      "aria-label": geoaq.say(code), onclick: work }, more || {}), geoaq.icon(icon));
  };

  geoaq.add_tools = function (room) {
    var map = room.map, main = map.getContainer().parentNode;
    var bar = el("div", { class: "tools", role: "toolbar", "aria-label": geoaq.say("tools") });
    room.tool = null;
    // Only one tool at a time; `tool` has stop().
    room.take_tool = function (tool) {
      var before = room.tool;
      room.tool = tool;
      if (before && before !== tool) before.stop();
      main.classList.toggle("with-tool", tool !== null);
    };
    geoaq.append(bar, [
      el("div", { class: "group" },
        geoaq.tool_button("zoom_in", "zoom_in", function () { map.zoomIn(1); }),
        geoaq.tool_button("zoom_out", "zoom_out", function () { map.zoomOut(1); }),
        geoaq.tool_button("home", "whole_extent", function () {
          room.fit((room.head && room.head.bounds) || room.options.bounds);
        })),
      el("div", { class: "group" }, geoaq.measure_tool(room), geoaq.draw_tool(room)),
      room.last_tools = el("div", { class: "group" },
        geoaq.tool_button("full", "full_screen", full_screen),
        geoaq.tool_button("print", "print_preview", function () { room.emit("preview"); })),
    ]);
    // Right after the map, so that the tab key comes to them before the cards.
    main.insertBefore(bar, map.getContainer().nextSibling);
    main.insertBefore(readout(map), bar.nextSibling);
    geoaq.add_tip(room, main);
    // Escape ends the tool at hand, else closes the card of the chosen subject.
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (room.tool) room.tool.stop();
      else if (room.selected !== null) room.select(null, "escape");
      else return;
      event.preventDefault();
    });
  };

  function full_screen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }

  // Scale bar, and longitude and latitude under the pointer.
  function readout(map) {
    var coordinates = el("span", { class: "coordinates" });
    var bar = el("span", { class: "bar" }), words = el("span", {});
    function scale() {
      var size = map.getSize();
      var a = map.containerPointToLatLng([0, size.y / 2]), b = map.containerPointToLatLng([100, size.y / 2]);
      var metres = geodesic.Geodesic.WGS84.Inverse(a.lat, a.lng, b.lat, b.lng).s12;
      var power = Math.pow(10, Math.floor(Math.log(metres) / Math.LN10));
      var round = [5, 2, 1].filter(function (n) { return n * power <= metres; })[0] * power;
      bar.style.width = Math.round((100 * round) / metres) + "px";
      words.textContent = round >= 1000 ? geoaq.number(round / 1000) + " " + geoaq.say("unit_km")
        : geoaq.number(round) + " " + geoaq.say("unit_m");
    }
    function show(latlng) {
      var at = latlng.wrap();
      coordinates.textContent = geoaq.say("coordinates", { lon: at.lng.toFixed(4), lat: at.lat.toFixed(4) });
    }
    map.on("moveend zoomend resize", scale);
    // Before the pointer stands on the map, and once the map moved under it, there is no place to tell.
    function hide() { coordinates.textContent = ""; }
    map.on("mousemove", function (event) { show(event.latlng); });
    map.on("mouseout moveend", hide);
    scale();
    return el("div", { class: "readout", title: geoaq.say("coordinates_title") },
      el("span", { class: "scale" }, bar, words), coordinates);
  }
})();
