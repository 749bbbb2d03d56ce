// The layer card: search, layers with their swatches and counts, legend, and what the map rests on.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.layers_card = function (room, card) {
    var body = el("div", { class: "layers-body" });
    geoaq.append(geoaq.clear(card), [geoaq.search_box(room), body, notes(room),
      el("p", { class: "disclaimer" }, room.options.disclaimer)]);
    function draw() {
      geoaq.clear(body);
      geoaq.append(body, [tree(room), room.has_screening() ? legend(room) : null, missing_rows(room)]);
    }
    room.on("layers", draw);
    room.map.on("zoomend", draw);
    room.on("head", draw);
    room.on("totals", draw);
  };

  function tree(room) {
    var there = room.layers.filter(function (layer) { return layer.spec.provided; }).reverse();
    var rows = el("ul", { class: "layer-tree" });
    if (room.has_screening()) {
      rows.appendChild(switch_row(geoaq.sign_swatch("applies"), geoaq.say("layer_subjects"), !room.points_hidden,
        function (on) { room.show_points(on); }, room.head ? geoaq.number(room.head.counts.subjects) : "", ""));
    }
    there.forEach(function (layer) {
      var spec = layer.spec, zoom = room.map.getZoom();
      if (spec.geometry === "table") {
        rows.appendChild(el("li", { class: "layer", title: spec.accuracy }, el("span", { class: "box" }),
          geoaq.style_swatch(spec.style, spec.geometry), el("span", { class: "name" }, spec.title),
          el("small", {}, geoaq.say("layer_given"))));
        return;
      }
      var state = layer.state === "failed" ? geoaq.say("layer_failed")
        : layer.state === "loading" ? geoaq.say("loading")
        : layer.visible && spec.min_zoom !== null && zoom < spec.min_zoom ? geoaq.say("layer_zoom_in")
        : spec.geometry === "point" && layer.count ? geoaq.number(layer.count) : "";
      var hint = [spec.source, spec.accuracy].concat(spec.notes).join("\n");
      rows.appendChild(switch_row(geoaq.style_swatch(spec.style, spec.geometry), spec.title, layer.visible,
        function (on) { room.show_layer(spec.id, on); }, state, hint));
    });
    var all = room.layers.filter(may_be).length + (room.has_screening() ? 1 : 0);
    return [el("h2", {}, geoaq.say("layers"), el("span", {}, geoaq.say("layers_all", { count: all }))), rows];
  }

  // What a screening draws is there with it or not at all.
  function may_be(layer) {
    return layer.spec.provided || layer.spec.made_from !== "screening";
  }

  // What could still be given, under the legend of what is there.
  function missing_rows(room) {
    var missing = room.layers.filter(function (layer) { return !layer.spec.provided && may_be(layer); }).reverse();
    if (!missing.length) return null;
    var rows = el("ul", { class: "layer-tree" });
    missing.forEach(function (layer) {
      rows.appendChild(el("li", { class: "layer missing", title: layer.spec.notes.join("\n") },
        el("span", { class: "box" }), geoaq.missing_swatch(), el("span", { class: "name" }, layer.spec.title),
        el("small", {}, geoaq.say("layer_missing"), " · ", add_control(room, layer.spec))));
    });
    return rows;
  }

  // "Add" opens the upload card at the layer's field; where there is none, it says what to add.
  function add_control(room, spec) {
    return el("button", { type: "button", class: "link", title: spec.add || "", onclick: function () {
      var field = document.querySelector('[name="layer.' + spec.id + '"]');
      if (!field) {
        if (room.embedded) {
          room.emit("say", spec.add || "");
          document.querySelector("#layers .notes").open = true;
        }
        else window.location.assign("/" + room.options.view + "?layer=" + encodeURIComponent(spec.id));
        return;
      }
      var more = field.closest("details");
      if (more) more.open = true;
      room.open_sheet("upload");
      field.focus();
      field.scrollIntoView({ block: "center" });
    } }, geoaq.say("layer_add"));
  }

  function switch_row(swatch, name, on, work, small, hint) {
    var box = el("input", { type: "checkbox", onchange: function () { work(box.checked); } });
    box.checked = on;
    return el("li", { class: "layer", title: hint },
      el("label", {}, box, swatch, el("span", { class: "name" }, name), el("small", {}, small)));
  }

  // The signs with their counts: of what the filters let pass, whichever verdict is chosen.
  function legend(room) {
    var counts = room.by_verdict || (room.head && room.head.counts);
    var rows = el("ul", { class: "layer-tree legend" });
    geoaq.signs_shown(counts).forEach(function (sign) {
      rows.appendChild(el("li", { class: "layer" }, geoaq.sign_swatch(sign),
        el("span", { class: "name" }, geoaq.say("sign_" + sign)),
        el("small", {}, counts ? geoaq.number(counts[sign]) : "")));
    });
    room.layers.forEach(function (layer) {
      if (!layer.visible || !layer.spec.provided || layer.spec.legend.length < 2) return;
      layer.spec.legend.forEach(function (line) {
        rows.appendChild(el("li", { class: "layer" }, geoaq.style_swatch(line.style, layer.spec.geometry),
          el("span", { class: "name" }, line.title)));
      });
    });
    return [el("h2", {}, geoaq.say("legend")), rows];
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
    return foot;
  }
})();
