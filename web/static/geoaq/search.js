// Search: a place, an enterprise, a boiler's number, or a pair of coordinates.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  // "120.28, 31.9", "31.9N 120.28E", "120°16′48″E 31°54′N": longitude and latitude, or null.
  geoaq.read_coordinates = function (text) {
    var plain = text.replace(/[\uff10-\uff19]/g, function (c) { return String.fromCharCode(c.charCodeAt(0) - 0xfee0); })
      .replace(/[，、；;]/g, ",").replace(/东经|经度/g, "E").replace(/北纬|纬度/g, "N");
    var one = "([EN]?)\\s*(\\d{1,3}(?:\\.\\d+)?)\\s*(?:[°度]\\s*(?:(\\d{1,2}(?:\\.\\d+)?)\\s*[′'分]\\s*)?(?:(\\d{1,2}(?:\\.\\d+)?)\\s*[″\"秒]\\s*)?)?([EN]?)";
    var match = new RegExp("^\\s*" + one + "[\\s,]+" + one + "\\s*$", "i").exec(plain);
    if (!match) return null;
    var a = value(match, 1), b = value(match, 6);
    if (/n/i.test(match[1] + match[5]) || /e/i.test(match[6] + match[10]) || (a < 60 && b > 70)) {
      var swap = a; a = b; b = swap;
    }
    return Math.abs(a) <= 180 && Math.abs(b) <= 90 ? { lon: a, lat: b } : null;
  };

  function value(match, i) {
    return Number(match[i + 1]) + Number(match[i + 2] || 0) / 60 + Number(match[i + 3] || 0) / 3600;
  }

  geoaq.search_box = function (room) {
    var results = el("ul", { class: "results", role: "listbox", id: "search-results", hidden: true });
    var input = el("input", { type: "search", class: "search", placeholder: geoaq.say("search_hint"),
      "aria-label": geoaq.say("search_hint"), role: "combobox", "aria-expanded": "false",
      "aria-controls": "search-results", autocomplete: "off", spellcheck: "false" });
    var found = [], at = -1, turn = 0, flag = null;

    function close() {
      results.hidden = true;
      input.setAttribute("aria-expanded", "false");
      at = -1;
    }
    function show(list, message) {
      found = list;
      at = -1;
      geoaq.clear(results);
      list.forEach(function (result, i) {
        results.appendChild(el("li", { role: "option", id: "found-" + i, onmousedown: function (event) {
          event.preventDefault();
          go(result);
        } }, el("span", {}, result.text), el("small", {}, result.detail)));
      });
      if (message) results.appendChild(el("li", { class: "empty" }, message));
      results.hidden = !list.length && !message;
      input.setAttribute("aria-expanded", results.hidden ? "false" : "true");
    }
    function mark(next) {
      at = (next + found.length) % found.length;
      Array.prototype.forEach.call(results.children, function (row, i) {
        row.setAttribute("aria-selected", i === at ? "true" : "false");
      });
      input.setAttribute("aria-activedescendant", "found-" + at);
    }
    function go(result) {
      close();
      input.value = result.text;
      if (flag) room.map.removeLayer(flag);
      flag = null;
      if (result.key) { room.select(result.key, "search"); return; }
      if (result.bounds) room.fit(result.bounds, 13);
      else {
        room.map.setView([result.lat, result.lon], Math.max(room.map.getZoom(), 11));
        room.show_place(result.lon, result.lat, null, true);
        if (result.kind === "coordinates" && room.ask_point) { room.ask_point(result.text, { datum: "WGS84" }); return; }
        flag = L.marker([result.lat, result.lon], { interactive: false, keyboard: false,
          icon: L.divIcon({ className: "flag", iconSize: [14, 14], html: "" }) }).addTo(room.map);
      }
    }
    var ask = geoaq.later(180, function () {
      var text = input.value.trim(), mine = ++turn;
      if (!text) { show([]); return; }
      var place = geoaq.read_coordinates(text);
      if (place) {
        show([{ kind: "coordinates", text: place.lon.toFixed(5) + ", " + place.lat.toFixed(5), detail: geoaq.say("coordinates_wgs"),
          lon: place.lon, lat: place.lat, bounds: null, key: null }]);
        return;
      }
      room.source.places(text).then(function (list) {
        if (mine === turn) show(list, list.length ? "" : geoaq.say("search_nothing"));
      }).catch(function (error) { if (mine === turn) show([], error.message); });
    });
    input.addEventListener("input", ask);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      if (event.key === "Escape") close();
      else if (!found.length) return;
      else if (event.key === "ArrowDown") { mark(at + 1); event.preventDefault(); }
      else if (event.key === "ArrowUp") { mark(at - 1); event.preventDefault(); }
      else if (event.key === "Enter") { go(found[at < 0 ? 0 : at]); event.preventDefault(); }
    });
    return el("div", { class: "search-box", role: "search" }, input, results);
  };
})();
