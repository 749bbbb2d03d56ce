// The layer tree: groups that fold, a box that finds a layer by its name, rows that change places.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var GROUPS = ["business", "zones", "office", "boundaries", "base"];

  // How the layers stand when nothing was touched, whether something was, and the way back.
  function defaults(room) {
    var first = room.layers.map(function (layer) { return layer.spec.id; });
    function usual(layer) { return layer.spec.visible && layer.spec.provided; }
    function order() {
      return room.layers.map(function (layer) { return layer.spec.id; })
        .filter(function (id) { return first.indexOf(id) >= 0; });
    }
    room.usual_layer = usual;
    room.is_usual_order = function () {
      var now = order();
      return now.join() === first.filter(function (id) { return now.indexOf(id) >= 0; }).join();
    };
    room.layers_changed = function () {
      return Boolean(room.points_hidden) || !room.is_usual_order() || room.layers.some(function (layer) {
        return layer.visible !== usual(layer) || layer.opacity !== 1;
      });
    };
    room.reset_layers = function () {
      room.set_order(first);
      room.layers.forEach(function (layer) {
        if (layer.opacity !== 1) room.set_opacity(layer.spec.id, 1);
        if (layer.visible !== usual(layer)) room.show_layer(layer.spec.id, usual(layer));
      });
      if (room.points_hidden) room.show_points(true);
    };
  }

  geoaq.layer_tree = function (room) {
    defaults(room);
    var rows = {}, groups = {}, dragged = null;
    var count = el("span", {}), nothing = el("p", { class: "empty", hidden: true }, geoaq.say("layer_find_nothing"));
    var told = el("p", { class: "off", role: "status" });
    var find = el("input", { type: "search", class: "layer-find", placeholder: geoaq.say("layer_find"),
      "aria-label": geoaq.say("layer_find"), autocomplete: "off", spellcheck: "false", oninput: filter,
      onkeydown: function (event) {
        if (event.key !== "Escape" || !find.value) return;
        find.value = "";
        filter();
        event.preventDefault();
        event.stopPropagation();
      } });
    var reset = el("button", { type: "button", class: "link", hidden: true, onclick: function () {
      room.reset_layers();
      find.focus();
    } }, geoaq.say("layers_reset"));
    var tree = el("div", { class: "layer-groups" },
      el("div", { class: "layers-title" }, el("h2", {}, geoaq.say("layers"), count), reset, find), nothing, told);
    var hands = { move: move, close_others: function (id) {
      Object.keys(rows).forEach(function (other) { if (other !== id) rows[other].close(); });
    } };
    room.folded = {};
    GROUPS.forEach(function (name) {
      var list = el("ul", { class: "layer-tree" }), shown = el("small", {});
      var fold = el("details", { class: "layer-group", open: true },
        el("summary", {}, geoaq.say("group_" + name), shown), list);
      // Noted at the click, before the fold has moved: the tree may be drawn anew in between.
      fold.firstChild.addEventListener("click", function (event) {
        if (find.value.trim()) { event.preventDefault(); return; }
        if (fold.open) room.folded[name] = true;
        else delete room.folded[name];
        window.setTimeout(function () { room.emit("folded", name); }, 0);
      });
      groups[name] = { fold: fold, list: list, shown: shown };
      tree.appendChild(fold);
    });
    room.on("layers", update);
    room.on("head", update);
    room.on("folded", function () { if (!find.value.trim()) unfold(); });
    room.map.on("zoomend", update);
    update();
    return tree;

    function group_of(layer) {
      return groups[layer.spec.group] ? layer.spec.group : "business";
    }

    // What each group shows, top layer first: the subjects, what is there, what could be added.
    function wanted() {
      var found = {};
      GROUPS.forEach(function (name) { found[name] = { there: [], missing: [] }; });
      if (room.has_screening()) found.business.there.push({ layer: null, kind: "subjects" });
      room.layers.slice().reverse().forEach(function (layer) {
        var spec = layer.spec, place = found[group_of(layer)];
        if (spec.provided) place.there.push({ layer: layer, kind: spec.geometry === "table" ? "table" : "switch" });
        else if (spec.made_from !== "screening") place.missing.push({ layer: layer, kind: "missing" });
      });
      return found;
    }

    function update() {
      var found = wanted(), kept = {}, all = 0, focus = document.activeElement;
      GROUPS.forEach(function (name) {
        var group = groups[name], there = found[name].there, on = 0;
        var movable = there.filter(function (one) { return one.kind === "switch"; });
        var nodes = there.concat(found[name].missing).map(function (one) {
          var id = one.layer ? one.layer.spec.id : "subjects", row = rows[id];
          if (!row || row.kind !== one.kind || row.of !== one.layer) {
            row = geoaq.layer_row(room, one.layer, one.kind, hands);
            row.of = one.layer;
            if (one.kind === "switch") drags(row);
          }
          var at = movable.indexOf(one);
          row.update(at === 0, at === movable.length - 1);
          if (one.kind === "subjects" ? !room.points_hidden : one.kind === "switch" && one.layer.visible) on++;
          kept[id] = row;
          return row.node;
        });
        put(group.list, nodes);
        all += nodes.length;
        group.shown.textContent = nodes.length ? on + "/" + nodes.length : "";
      });
      rows = kept;
      count.textContent = geoaq.number(all);
      reset.hidden = !room.layers_changed();
      filter();
      if (focus && focus !== document.activeElement && tree.contains(focus)) focus.focus();
    }

    // Children in this order; what already stands right is not touched, so that a drag or a focus is not lost.
    function put(list, nodes) {
      Array.prototype.slice.call(list.children).forEach(function (child) {
        if (nodes.indexOf(child) < 0) list.removeChild(child);
      });
      nodes.forEach(function (node, i) {
        if (list.children[i] !== node) list.insertBefore(node, list.children[i] || null);
      });
    }

    function filter() {
      var text = find.value.trim().toLowerCase(), any = false;
      Object.keys(rows).forEach(function (id) {
        rows[id].node.hidden = text !== "" && rows[id].name.toLowerCase().indexOf(text) < 0;
      });
      GROUPS.forEach(function (name) {
        var group = groups[name];
        var left = Array.prototype.some.call(group.list.children, function (node) { return !node.hidden; });
        group.fold.hidden = !left;
        any = any || left;
      });
      nothing.hidden = any;
      unfold();
    }
    function unfold() {
      GROUPS.forEach(function (name) {
        var open = find.value.trim() !== "" || !room.folded[name];
        if (groups[name].fold.open !== open) groups[name].fold.open = open;
      });
    }

    function mates(id) {
      var layer = room.layer(id);
      return room.layers.filter(function (other) {
        return other.spec.provided && other.spec.geometry !== "table" && group_of(other) === group_of(layer);
      }).map(function (other) { return other.spec.id; }).reverse();
    }
    function place(id, to) {
      var ids = mates(id), from = ids.indexOf(id);
      to = Math.max(0, Math.min(ids.length - 1, to));
      if (to === from) return;
      ids.splice(to, 0, ids.splice(from, 1)[0]);
      room.set_order(ids.slice().reverse());
      told.textContent = geoaq.say("layer_moved", { name: rows[id].name, place: to + 1, all: ids.length });
    }
    function move(id, by) { place(id, mates(id).indexOf(id) + by); }

    // Dragging by the row, within its group; the arrows behind "…" do the same without a pointer.
    function drags(row) {
      row.head.addEventListener("dragstart", function (event) {
        dragged = row.id;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", row.name);
        row.node.classList.add("dragged");
      });
      row.head.addEventListener("dragend", function () {
        dragged = null;
        row.node.classList.remove("dragged");
        mark(null);
      });
      row.node.addEventListener("dragover", function (event) {
        if (dragged === null || dragged === row.id || mates(dragged).indexOf(row.id) < 0) return;
        event.preventDefault();
        mark(row.node, below(event, row));
      });
      row.node.addEventListener("drop", function (event) {
        if (dragged === null || dragged === row.id) return;
        event.preventDefault();
        var ids = mates(dragged), from = ids.indexOf(dragged), to = ids.indexOf(row.id) + (below(event, row) ? 1 : 0);
        place(dragged, to > from ? to - 1 : to);
      });
    }
    function below(event, row) {
      var box = row.node.getBoundingClientRect();
      return event.clientY > box.top + box.height / 2;
    }
    function mark(node, after) {
      Array.prototype.forEach.call(tree.querySelectorAll(".drop-above, .drop-below"), function (other) {
        other.classList.remove("drop-above", "drop-below");
      });
      if (node) node.classList.add(after ? "drop-below" : "drop-above");
    }
  };
})();
