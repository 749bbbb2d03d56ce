// Tools on the map: zoom, whole extent, measure, draw, full screen, print; scale and coordinates; what the
// pointer is on.
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
      el("div", { class: "group" },
        geoaq.tool_button("full", "full_screen", full_screen),
        geoaq.tool_button("print", "print", function () { window.print(); })),
    ]);
    main.appendChild(bar);
    main.appendChild(readout(map));
    pointer(room, main);
    printing(room, main);
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && room.tool) { room.tool.stop(); event.preventDefault(); }
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
    map.on("mousemove", function (event) { show(event.latlng); });
    show(map.getCenter());
    scale();
    return el("div", { class: "readout", title: geoaq.say("coordinates_title") },
      el("span", { class: "scale" }, bar, words), coordinates);
  }

  // One tip for everything that the pointer can be on; the topmost answers.
  function pointer(room, main) {
    var map = room.map, tip = el("div", { class: "tip", hidden: true }), last = null;
    main.appendChild(tip);
    function find(event) {
      if (room.tool) return null;
      var all = (room.pointers || []).slice().sort(function (a, b) { return a.order - b.order; });
      for (var i = 0; i < all.length; i++) {
        var thing = all[i].hit(event);
        if (thing !== null) return { of: all[i], thing: thing };
      }
      return null;
    }
    function leave() {
      tip.hidden = true;
      if (last && last.of.hover) last.of.hover(null);
      last = null;
      map.getContainer().classList.remove("on-thing");
    }
    map.on("mousemove", function (event) {
      var found = find(event);
      if (!found) { if (last) leave(); return; }
      if (last && last.of !== found.of && last.of.hover) last.of.hover(null);
      if (!last || last.thing !== found.thing) {
        geoaq.clear(tip);
        found.of.tip(found.thing).forEach(function (words, i) {
          tip.appendChild(el("div", { class: i ? "muted" : "" }, words));
        });
        if (found.of.hover) found.of.hover(found.thing);
      }
      last = found;
      tip.hidden = false;
      var size = map.getSize(), at = event.containerPoint;
      tip.style.left = Math.min(at.x + 14, size.x - tip.offsetWidth - 8) + "px";
      tip.style.top = Math.min(at.y + 14, size.y - tip.offsetHeight - 8) + "px";
      map.getContainer().classList.toggle("on-thing", Boolean(found.of.click));
    });
    map.on("mouseout movestart", leave);
    map.on("click", function (event) {
      var found = find(event);
      if (found && found.of.click) found.of.click(found.thing);
    });
  }

  function today() {
    var now = new Date(), two = function (n) { return (n < 10 ? "0" : "") + n; };
    return now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
  }

  // A page to print: title, map, legend, sources, day and disclaimer; the cards stay away.
  function printing(room, main) {
    var head = el("div", { class: "print-head" }), foot = el("div", { class: "print-foot" }), before = null;
    main.insertBefore(head, main.firstChild);
    main.appendChild(foot);
    window.addEventListener("beforeprint", function () {
      var counts = room.head && room.head.counts;
      geoaq.clear(head);
      geoaq.clear(foot);
      geoaq.append(head, [el("h1", {}, room.options.title),
        el("p", {}, [room.head && room.head.title,
          room.head && geoaq.say("as_of", { day: room.head.as_of }),
          geoaq.say("printed", { day: today() })].filter(Boolean).join(" · "))]);
      var legend = el("div", { class: "print-legend" });
      if (counts) {
        geoaq.signs_shown(counts).forEach(function (sign) {
          geoaq.append(legend, el("span", {}, geoaq.sign_swatch(sign),
            geoaq.say("sign_" + sign) + " " + geoaq.number(counts[sign])));
        });
      }
      var seen = room.layers.filter(function (layer) { return layer.visible && layer.spec.provided; });
      seen.forEach(function (layer) {
        layer.spec.legend.forEach(function (line) {
          geoaq.append(legend, el("span", {}, geoaq.style_swatch(line.style, layer.spec.geometry), line.title));
        });
      });
      var sources = [];
      seen.forEach(function (layer) {
        var words = layer.spec.attribution + (layer.spec.date ? " (" + layer.spec.date + ")" : "");
        if (sources.indexOf(words) < 0) sources.push(words);
      });
      geoaq.append(foot, [legend, el("p", {}, geoaq.say("sources", { names: sources.join("; ") })),
        el("p", { class: "disclaimer" }, room.options.disclaimer)]);
      var sight = room.sight();
      before = { centre: room.map.getCenter(), zoom: room.map.getZoom() };
      document.body.classList.add("printing");
      room.map.invalidateSize({ animate: false, pan: false });
      room.map.fitBounds(sight, { animate: false });
    });
    window.addEventListener("afterprint", function () {
      document.body.classList.remove("printing");
      room.map.invalidateSize({ animate: false, pan: false });
      if (before) room.map.setView(before.centre, before.zoom, { animate: false });
    });
  }
})();
