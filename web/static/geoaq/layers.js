// The layer card: place search, layer tree, legend, and what the map rests on.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.layers_card = function (room, card) {
    var signs = el("div", { class: "legend-box" }), shown = el("div", { class: "legend-box" });
    geoaq.append(geoaq.clear(card), [geoaq.search_box(room),
      el("div", { class: "layers-body" }, signs, geoaq.layer_tree(room), shown), notes(room),
      el("p", { class: "disclaimer" }, room.options.disclaimer)]);
    function draw() {
      geoaq.append(geoaq.clear(signs), legend(geoaq.say("legend"), lines_of(room, signs_of(room), true)));
      geoaq.append(geoaq.clear(shown), legend(geoaq.say("legend"), lines_of(room, list(), false)));
    }
    ["layers", "head", "totals"].forEach(function (name) { room.on(name, draw); });
  };

  // A heading over what it lists, or nothing.
  function legend(title, rows) {
    return rows.children.length ? [el("h2", {}, title), rows] : null;
  }

  // The signs with their counts, above the layers: of what the filters let pass, whichever verdict is chosen.
  function signs_of(room) {
    var counts = room.by_verdict || (room.head && room.head.counts);
    var rows = list();
    if (room.has_screening()) geoaq.signs_shown(counts).forEach(function (sign) {
      rows.appendChild(el("li", { class: "layer" }, geoaq.sign_swatch(sign),
        el("span", { class: "name" }, geoaq.say("sign_" + sign)),
        el("small", {}, counts ? geoaq.number(counts[sign]) : "")));
    });
    return rows;
  }

  function list() {
    return el("ul", { class: "layer-tree legend" });
  }

  // What the lines and colours of the layers in sight mean. Pictures cover the map with colours that mean nothing
  // without their legend: theirs stands above the layers, and so does that of the signs of fire pixels.
  function lines_of(room, rows, first) {
    room.layers.forEach(function (layer) {
      if ((layer.spec.geometry === "raster" || layer.spec.made_from === "fires") !== first) return;
      if (!layer.visible || !layer.spec.provided || layer.spec.legend.length < 2) return;
      layer.spec.legend.forEach(function (line) {
        rows.appendChild(el("li", { class: "layer" }, geoaq.style_swatch(line.style, layer.spec.geometry),
          el("span", { class: "name" }, line.title)));
      });
    });
    return rows;
  }

  // Which boundary decided, which is shown, how old the plants are: folded, with how many there are.
  function notes(room) {
    var said = {}, body = el("div", {}), count = el("span", {});
    var foot = el("details", { class: "notes" }, el("summary", {}, geoaq.say("notes"), " ", count), body);
    function tell(text, mark, first) {
      if (!text || said[text]) return;
      said[text] = true;
      body.insertBefore(el("p", { class: mark || null }, text), first ? body.firstChild : null);
      counted();
    }
    function counted() {
      count.textContent = geoaq.number(body.children.length);
      foot.hidden = !body.children.length;
    }
    room.on("head", function (head) {
      head.notes.slice().reverse().forEach(function (note) { tell(note, "note", true); });
      if (head.plants === "own") body.querySelectorAll(".shipped").forEach(function (line) { body.removeChild(line); });
      counted();
    });
    room.on("say", function (text) { tell(text, "note", true); });
    room.layers.forEach(function (layer) {
      if (layer.spec.id === "provinces") { tell(layer.spec.source); layer.spec.notes.forEach(function (note) { tell(note); }); }
    });
    room.layers.forEach(function (layer) {
      if (layer.spec.id === "chp_anchors") tell(geoaq.say("plants_note", { date: layer.spec.date || "" }), "shipped");
    });
    counted();
    room.notes = function () {
      return Array.prototype.map.call(body.children, function (line) { return line.textContent; });
    };
    return foot;
  }
})();
