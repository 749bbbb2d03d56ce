// One row of the layer tree: its switch and swatch, and behind "…" how it is drawn and what it rests on.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  // `layer` is one of room.layers, or null for the subjects of the screening; `tree` has move, close_others.
  geoaq.layer_row = function (room, layer, kind, tree) {
    var id = layer ? layer.spec.id : "subjects", name = layer ? layer.spec.title : geoaq.say("layer_subjects");
    var small = el("small", {}), box = null, panel = null, dots = null, slider = null, up = null, down = null;
    var head = el("div", { class: "layer-head", draggable: kind === "switch" ? "true" : null });
    var node = el("li", { class: kind === "missing" ? "layer missing" : "layer", "data-layer": id }, head);
    var words = el("span", { class: "name", title: name }, name);

    if (kind === "missing") {
      geoaq.append(small, [el("span", { class: "off" }, geoaq.say("layer_missing")), geoaq.layer_add(room, layer.spec)]);
      head.title = geoaq.say("layer_missing");
      geoaq.append(head, [el("span", { class: "box" }), geoaq.missing_swatch(), words, small]);
    } else if (kind === "table") {
      small.textContent = geoaq.say("layer_given");
      geoaq.append(head, [el("span", { class: "box" }), swatch(), words, small]);
    } else {
      box = el("input", { type: "checkbox", onchange: function () {
        if (layer) room.show_layer(id, box.checked); else room.show_points(box.checked);
      } });
      geoaq.append(head, el("label", {}, box, swatch(), words, small));
    }
    if (layer) {
      dots = el("button", { type: "button", class: "dots", "aria-expanded": "false", "aria-controls": "layer-" + id,
        "aria-label": geoaq.say("layer_more", { name: name }), title: geoaq.say("layer_more_hint"),
        onclick: function () { open(panel === null || panel.hidden); } }, geoaq.icon("more"));
      geoaq.append(head, dots);
      node.addEventListener("keydown", function (event) {
        if (event.key !== "Escape" || !panel || panel.hidden) return;
        open(false);
        dots.focus();
        event.preventDefault();
        event.stopPropagation();
      });
    } else geoaq.append(head, el("span", { class: "dots" }));

    function swatch() {
      return layer ? geoaq.style_swatch(layer.spec.style, layer.spec.geometry) : geoaq.sign_swatch("applies");
    }

    function open(wanted) {
      if (wanted && !panel) {
        panel = controls();
        node.appendChild(panel);
      }
      if (panel) panel.hidden = !wanted;
      dots.setAttribute("aria-expanded", wanted ? "true" : "false");
      node.classList.toggle("open", wanted);
      if (wanted) {
        tree.close_others(id);
        update();
        panel.scrollIntoView({ block: "nearest" });
      }
    }

    function controls() {
      var spec = layer.spec, body = el("div", { class: "layer-panel", id: "layer-" + id });
      if (kind === "switch") {
        var shown = el("output", {});
        slider = el("input", { type: "range", min: 0, max: 100, step: 5, oninput: function () {
          room.set_opacity(id, Number(slider.value) / 100);
        } });
        slider.shown = shown;
        up = step("up", -1);
        down = step("down", 1);
        geoaq.append(body, el("div", { class: "layer-controls" },
          el("label", {}, el("span", {}, geoaq.say("layer_opacity")), slider, shown), up, down));
      }
      var lines = [["layer_source", spec.source + (spec.date ? " · " + spec.date : "")], ["layer_accuracy", spec.accuracy]];
      if (kind === "missing" && spec.add) lines.unshift(["layer_how", spec.add]);
      geoaq.append(body, [el("dl", {}, lines.map(function (line) {
        return [el("dt", {}, geoaq.say(line[0])), el("dd", {}, line[1])];
      })), spec.notes.map(function (note) { return el("p", {}, note); })]);
      return body;
    }

    function step(icon, by) {
      return el("button", { type: "button", class: "step", title: geoaq.say("layer_" + icon),
        "aria-label": geoaq.say("layer_" + icon) + " " + name, onclick: function () { tree.move(id, by); } },
      geoaq.icon(icon));
    }

    // Bring the row up to date: state, switch, slider, and whether there is somewhere to move to.
    function update(first, last) {
      if (box) {
        box.checked = layer ? layer.visible : !room.points_hidden;
        small.textContent = layer ? state_of(room, layer) : room.head ? geoaq.number(room.head.counts.subjects) : "";
        small.title = (layer && layer.error) || "";
      }
      if (kind === "table") small.textContent = geoaq.say(layer.spec.unused ? "office_unused" : "layer_given");
      if (first !== undefined) node.ends = [first, last];
      if (!slider || panel.hidden) return;
      var percent = Math.round(layer.opacity * 100);
      if (Number(slider.value) !== percent) slider.value = percent;
      slider.shown.textContent = percent + "%";
      slider.setAttribute("aria-valuetext", percent + "%");
      [up, down].forEach(function (button, i) {
        button.setAttribute("aria-disabled", node.ends && node.ends[i] ? "true" : "false");
      });
    }

    return { id: id, kind: kind, name: name, node: node, head: head, update: update, close: function () {
      if (panel && !panel.hidden) open(false);
    } };
  };

  function state_of(room, layer) {
    var spec = layer.spec;
    if (spec.unused && layer.visible && layer.state === "idle") return geoaq.say("office_unused");
    if (layer.state === "failed") return geoaq.say("layer_failed");
    if (layer.state === "loading") return geoaq.say("loading");
    if (layer.visible && spec.min_zoom !== null && room.map.getZoom() < spec.min_zoom) return geoaq.say("layer_zoom_in");
    return spec.geometry === "point" && layer.count ? geoaq.number(layer.count) : "";
  }

  // "Add" opens the dialog that takes a layer in; without one, the field of the upload card, or says what to add.
  geoaq.layer_add = function (room, spec) {
    return el("button", { type: "button", class: "link", title: spec.add || "",
      "aria-label": geoaq.say("layer_add") + " " + spec.title, onclick: function () {
        if (room.add_layer) {
          room.add_layer(spec.id);
          return;
        }
        var field = document.querySelector('[name="layer.' + spec.id + '"]');
        if (!field) {
          if (room.embedded) {
            room.emit("say", spec.add || "");
            document.querySelector("#layers .notes").open = true;
          } else window.location.assign("/" + room.options.view + "?layer=" + encodeURIComponent(spec.id));
          return;
        }
        var more = field.closest("details");
        if (more) more.open = true;
        room.open_sheet("upload");
        field.focus();
        field.scrollIntoView({ block: "center" });
      } }, geoaq.say("layer_add"));
  };
})();
