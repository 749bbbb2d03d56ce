// The page to print, seen before it is printed: title, map, legend, scale, sources with their dates, the days,
// the review number of the map, disclaimer and notes, on A4 lying or standing.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var INCH_M = 0.0254, PIXELS_AN_INCH = 96, EDGE = 20;

  function today() {
    var now = new Date(), two = function (n) { return (n < 10 ? "0" : "") + n; };
    return now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
  }

  geoaq.add_printing = function (room) {
    var map = room.map, main = map.getContainer().parentNode, body = document.body;
    var head = el("div", { class: "print-head" }), side = el("div", { class: "print-side" });
    var foot = el("div", { class: "print-foot" });
    var before = null, opener = null, chosen = "lying";
    var bar = el("div", { class: "print-bar", role: "dialog", "aria-label": geoaq.say("print_preview") });
    main.insertBefore(head, main.firstChild);
    main.appendChild(side);
    main.appendChild(foot);
    main.parentNode.insertBefore(bar, main);
    geoaq.append(bar, [el("b", {}, geoaq.say("print_preview")),
      el("span", { class: "print-sides", role: "group", "aria-label": geoaq.say("print_paper") },
        ["lying", "standing"].map(function (name) {
          return el("button", { type: "button", class: "button small", "data-paper": name,
            onclick: function () { turn(name); } }, geoaq.say("print_" + name));
        })),
      el("small", {}, geoaq.say("print_hint")),
      el("button", { type: "button", class: "button primary small", onclick: function () { window.print(); } },
        geoaq.say("print")),
      el("button", { type: "button", class: "button small", onclick: close }, geoaq.say("close"))]);

    function lay() {
      if (!before) return;
      geoaq.append(geoaq.clear(head), title(room));
      geoaq.append(geoaq.clear(side), [legend(room), scale(map), approval(room)]);
      geoaq.append(geoaq.clear(foot), words(room));
    }
    // Draw the sheet as much smaller as the window asks for.
    function fit() {
      if (!before) return;
      var scale = (document.documentElement.clientWidth - 2 * EDGE) / main.offsetWidth;
      body.classList.toggle("shrunk", scale < 1);
      main.style.setProperty("--fit", scale.toFixed(4));
      main.style.setProperty("--rest", Math.round((scale - 1) * main.offsetHeight + EDGE) + "px");
    }
    // Put the map into the paper so that what was seen beside the cards is seen there.
    function place(sight) {
      lay();
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(sight, { animate: false });
      lay();
    }
    function open() {
      if (before) return;
      before = { centre: map.getCenter(), zoom: map.getZoom(), sight: room.sight() };
      opener = document.activeElement;
      if (room.tool) room.tool.stop();
      body.classList.add("printing");
      turn(chosen);
    }
    function turn(name) {
      chosen = name;
      body.classList.toggle("standing", name === "standing");
      Array.prototype.forEach.call(bar.querySelectorAll("[data-paper]"), function (button) {
        button.setAttribute("aria-pressed", button.getAttribute("data-paper") === name ? "true" : "false");
      });
      fit();
      place(before.sight);
    }
    function close() {
      if (!before) return;
      body.classList.remove("printing", "standing", "shrunk");
      map.invalidateSize({ animate: false, pan: false });
      map.setView(before.centre, before.zoom, { animate: false });
      before = null;
      if (opener && document.contains(opener)) opener.focus();
    }
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !before) return;
      close();
      event.preventDefault();
    });
    // Printed from the browser's own menu, the page is laid out for that time only.
    var alone = false;
    window.addEventListener("beforeprint", function () { alone = before === null; open(); });
    window.addEventListener("afterprint", function () { if (alone) close(); });
    room.on("preview", function () {
      open();
      bar.querySelector(".primary").focus();
    });
    ["layers", "totals"].forEach(function (name) { room.on(name, lay); });
    map.on("moveend", lay);
    window.addEventListener("resize", fit);
  };

  function title(room) {
    return [el("h1", {}, room.options.title), el("p", {}, [room.head && room.head.title,
      room.head && geoaq.say("as_of", { day: room.head.as_of }),
      room.print_words && room.print_words(), geoaq.say("printed", { day: today() }), filter_words(room)].filter(Boolean).join(" · "))];
  }

  // What of the list is shown, where that is not all of it.
  function filter_words(room) {
    if (!room.head || !room.is_filtered()) return "";
    var filter = room.filter, said = filter.verdict.map(function (sign) { return geoaq.say("short_" + sign); });
    ["rule", "county", "timing", "consultee"].forEach(function (name) {
      ((room.head.filters || {})[name] || []).forEach(function (one) {
        if (one.value === filter[name]) said.push(one.text);
      });
    });
    if (filter.q) said.push("“" + filter.q + "”");
    if (filter.years) said.push(filter.years);
    if (filter.area) said.push(geoaq.say("print_area"));
    return geoaq.say("print_filtered", { words: said.join(geoaq.say("list_gap")) });
  }

  function visible(room) {
    return room.layers.filter(function (layer) {
      var spec = layer.spec;
      return layer.visible && layer.opacity > 0 && spec.provided && spec.geometry !== "table" &&
        (spec.min_zoom === null || room.map.getZoom() >= spec.min_zoom);
    }).reverse();
  }

  function legend(room) {
    var lines = el("ul", { class: "print-legend" });
    function line(swatch, name) { lines.appendChild(el("li", {}, swatch, el("span", {}, name))); }
    var counts = room.by_verdict || (room.head && room.head.counts);
    if (counts && !room.points_hidden) {
      geoaq.signs_shown(counts).forEach(function (sign) {
        line(geoaq.sign_swatch(sign), geoaq.say("sign_" + sign) + " " + geoaq.number(counts[sign]));
      });
    }
    visible(room).forEach(function (layer) {
      var all = layer.spec.legend.length ? layer.spec.legend : [{ style: layer.spec.style, title: layer.spec.title }];
      all.forEach(function (one) { line(geoaq.style_swatch(one.style, layer.spec.geometry), one.title); });
    });
    return [el("h2", {}, geoaq.say("legend")), lines];
  }

  // Metres on the ground that one CSS pixel spans in the middle of the map.
  function metres_a_pixel(map) {
    var size = map.getSize(), y = size.y / 2, x = size.x / 2;
    var a = map.containerPointToLatLng([x - 50, y]), b = map.containerPointToLatLng([x + 50, y]);
    return geoaq.geodesic_m(a, b) / 100;
  }

  // A bar of two equal parts with its lengths, and the number that the scale has on paper printed at full size.
  function scale(map) {
    var metres = metres_a_pixel(map), half = round(metres * 70), unit = half >= 1000 ? "unit_km" : "unit_m";
    var bar = el("div", { class: "print-bar-line" }, el("i", {}), el("i", {}));
    var length = half >= 1000 ? half / 1000 : half;
    bar.style.width = Math.round((2 * half) / metres) + "px";
    var numbers = el("div", { class: "print-bar-words" }, [0, length, 2 * length].map(function (n, i) {
      return el("span", {}, geoaq.number(n) + (i === 2 ? " " + geoaq.say(unit) : ""));
    }));
    numbers.style.width = bar.style.width;
    var part = coarse((metres * PIXELS_AN_INCH) / INCH_M);
    return el("div", { class: "print-scale" }, numbers, bar,
      el("p", {}, geoaq.say("print_scale", { number: geoaq.number(part) })));
  }

  function round(value) {
    var power = Math.pow(10, Math.floor(Math.log(value) / Math.LN10));
    return [5, 2, 1].filter(function (n) { return n * power <= value; })[0] * power;
  }
  function coarse(value) {
    var power = Math.pow(10, Math.floor(Math.log(value) / Math.LN10) - 1);
    return Math.round(value / power) * power;
  }

  function approval(room) {
    return el("p", { class: "print-approval" },
      geoaq.say("print_approval") + (room.options.approval || "\uff3f\uff3f\uff3f\uff3f\uff3f\uff3f\uff3f\uff3f"));
  }

  function words(room) {
    var sources = [], notes = room.notes ? room.notes() : [];
    visible(room).forEach(function (layer) {
      var one = layer.spec.attribution + (layer.spec.date ? " (" + layer.spec.date + ")" : "");
      if (sources.indexOf(one) < 0) sources.push(one);
    });
    return [sources.length ? el("p", {}, geoaq.say("sources", { names: sources.join(geoaq.say("list_gap")) })) : null,
      notes.length ? el("p", {}, geoaq.say("notes"), "\u3000", notes.join("\u3000")) : null,
      el("p", { class: "disclaimer" }, room.options.disclaimer)];
  }
})();
