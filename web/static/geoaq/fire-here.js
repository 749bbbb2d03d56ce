// Where this device is: asked of the browser when the button is pressed, never before; shown in WGS 84 and GCJ-02.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.add_fire_here = function (room) {
    var map = room.map, main = map.getContainer().parentNode, shown = null;
    var said = el("div", { class: "tool-note fire-here", role: "status", hidden: true });
    if (!navigator.geolocation || !window.isSecureContext) return;
    var button = geoaq.tool_button("here", "fire_here", ask);
    main.querySelectorAll(".tools .group")[0].appendChild(button);
    main.appendChild(said);

    function tell(children) {
      geoaq.append(geoaq.clear(said), [children, el("button", { type: "button", class: "button small", onclick: hide }, geoaq.say("close"))]);
      said.hidden = false;
    }
    function hide() {
      said.hidden = true;
      if (shown) map.removeLayer(shown);
      shown = null;
      button.focus();
    }
    function ask() {
      tell(el("span", {}, geoaq.say("fire_here_asking")));
      navigator.geolocation.getCurrentPosition(found, function (error) {
        tell(el("span", {}, geoaq.say(error.code === error.PERMISSION_DENIED ? "fire_here_denied" : "fire_here_failed")));
      }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 10000 });
    }
    function found(position) {
      var at = position.coords, place = [at.latitude, at.longitude];
      if (shown) map.removeLayer(shown);
      shown = L.layerGroup([L.circle(place, { radius: at.accuracy, interactive: false, weight: 1, color: "#1f5fa8", fillOpacity: 0.1 }),
        L.circleMarker(place, { radius: 6, interactive: false, weight: 3, color: "#fffdf8", fillColor: "#1f5fa8", fillOpacity: 1 })]).addTo(map);
      map.setView(place, Math.max(map.getZoom(), 13));
      geoaq.fetch_json("/fires/position.json" + geoaq.query({ lon: at.longitude.toFixed(6), lat: at.latitude.toFixed(6) })).then(function (data) {
        tell([el("span", {}, geoaq.say("fire_here_is", { metres: geoaq.number(Math.round(at.accuracy)) })), geoaq.fire_positions(data.positions)]);
      }).catch(function (error) { tell(el("span", {}, error.message)); });
    }
  };
})();
