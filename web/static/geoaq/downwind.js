// The wind of a project: its rose on the card, and the sectors of the provinces downwind on the map. Context only.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var SVG = "http://www.w3.org/2000/svg", SIZE = 132, RADIUS = 50;
  var SECTOR = { stroke: true, color: "#6b5b95", weight: 1, dashArray: "3 4", fill: true, fillColor: "#6b5b95",
    fillOpacity: 0.1, interactive: false };

  function node(name, values, text) {
    var made = document.createElementNS(SVG, name);
    Object.keys(values).forEach(function (key) { made.setAttribute(key, values[key]); });
    if (text) made.textContent = text;
    return made;
  }

  function at(angle, r) {
    return (SIZE / 2 + r * Math.sin(angle)).toFixed(1) + " " + (SIZE / 2 - r * Math.cos(angle)).toFixed(1);
  }

  // Petals point to where the wind comes from; the ring is the longest of them.
  geoaq.rose = function (petals, label) {
    var most = Math.max.apply(null, petals) || 1, half = Math.PI / petals.length * 0.86;
    var svg = node("svg", { width: SIZE, height: SIZE, viewBox: "0 0 " + SIZE + " " + SIZE, role: "img", "aria-label": label });
    [1, 0.5].forEach(function (part) {
      svg.appendChild(node("circle", { cx: SIZE / 2, cy: SIZE / 2, r: RADIUS * part, fill: "none", stroke: "#d9d4c7" }));
    });
    petals.forEach(function (share, i) {
      var angle = 2 * Math.PI * i / petals.length, r = RADIUS * share / most;
      if (r > 0.5) {
        svg.appendChild(node("path", { fill: "#6b5b95", d: "M" + SIZE / 2 + " " + SIZE / 2 + "L" + at(angle - half, r) + "A" + r.toFixed(1) + " " +
          r.toFixed(1) + " 0 0 1 " + at(angle + half, r) + "Z" }));
      }
    });
    ["north", "east", "south", "west"].forEach(function (point, i) {
      var place = at(i * Math.PI / 2, RADIUS + 9).split(" ");
      svg.appendChild(node("text", { x: place[0], y: Number(place[1]) + 4, "text-anchor": "middle", "font-size": 11, fill: "#6f6a5f" },
        geoaq.say("wind_" + point)));
    });
    var scale = at(Math.PI / 4, RADIUS + 3).split(" ");
    svg.appendChild(node("text", { x: scale[0], y: scale[1], "font-size": 9, fill: "#6f6a5f" }, (most * 100).toFixed(0) + "%"));
    return svg;
  };

  geoaq.add_downwind = function (room) {
    var pane = room.map.createPane("downwind"), shown = null;
    pane.style.zIndex = 395;
    pane.style.pointerEvents = "none";
    room.on("card", function (card) {
      if (shown) room.map.removeLayer(shown);
      shown = null;
      var wind = card && card.project && card.project.wind;
      if (!wind) return;
      shown = L.geoJSON(wind.sectors, { pane: "downwind", renderer: L.canvas({ pane: "downwind", padding: 0.3 }),
        style: SECTOR, interactive: false }).addTo(room.map);
    });
  };
})();
