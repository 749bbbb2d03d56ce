// The address of what is seen: view, layers, filters and the chosen subject stand behind the page's "#".
//   #map=zoom/lat/lon&layers=id,id:opacity,-id:opacity&order=id,id&fold=group&f.verdict=review&f.years=1990-2005&s=17-0
// What is as usual is left out; what cannot be read is passed over.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var KEY = /^\d{1,9}-\d{1,16}$/, AREA = /^(-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?(;|$)){3,500}$/;
  var CHOSEN = ["rule", "county", "timing", "consultee"];
  var OURS = /^(map|layers|order|fold|s|f\.[a-z]+)$/;

  function decoded(text) {
    try {
      return decodeURIComponent(text.replace(/\+/g, " "));
    } catch (broken) {
      return null; // a cut or mistyped escape: as if the part were not there
    }
  }

  // The parts of a hash by name; null where none of them is ours. "#17-0" alone names a subject.
  function parse(hash) {
    var text = hash.replace(/^#/, ""), found = {}, any = false;
    if (KEY.test(text)) return { s: text };
    text.split("&").forEach(function (part) {
      var at = part.indexOf("="), name = part.slice(0, at), value = at > 0 ? decoded(part.slice(at + 1)) : null;
      if (value === null || !OURS.test(name)) return;
      found[name] = value;
      any = true;
    });
    return any ? found : null;
  }

  function encoded(text) {
    return encodeURIComponent(text).replace(/%(2C|3A|2F|3B)/g, function (whole) { return decodeURIComponent(whole); });
  }

  function names(text) { return text.split(",").filter(Boolean); }

  geoaq.add_permalink = function (room) {
    var map = room.map, home = "", watching = false, known = window.location.hash, link = parse(known);
    var write = geoaq.later(300, flush);

    function view() {
      var at = map.getCenter().wrap(), digits = map.getZoom() > 11 ? 5 : 4;
      return [String(Math.round(map.getZoom() * 100) / 100), at.lat.toFixed(digits), at.lng.toFixed(digits)].join("/");
    }

    function compose() {
      var parts = [];
      function put(name, value) { parts.push(name + "=" + encoded(value)); }
      if (view() !== home) put("map", view());
      if (layers_touched()) put("layers", shown_layers().join());
      if (!room.is_usual_order()) put("order", room.layers.map(function (layer) { return layer.spec.id; }).join());
      var folded = Object.keys(room.folded).filter(function (name) { return room.folded[name]; });
      if (folded.length) put("fold", folded.join());
      Object.keys(room.filter).forEach(function (name) {
        if (room.filter[name].length) put("f." + name, [].concat(room.filter[name]).join());
      });
      if (room.selected !== null) put("s", room.selected);
      return parts.join("&");
    }
    function layers_touched() {
      return Boolean(room.points_hidden) || room.layers.some(function (layer) {
        return layer.opacity !== 1 || layer.visible !== room.usual_layer(layer);
      });
    }
    function shown_layers() {
      var shown = room.has_screening() && !room.points_hidden ? ["subjects"] : [];
      room.layers.forEach(function (layer) {
        var faded = layer.opacity === 1 ? "" : ":" + layer.opacity;
        if (layer.visible) shown.push(layer.spec.id + faded);
        else if (faded) shown.push("-" + layer.spec.id + faded);
      });
      return shown;
    }

    // An address that is not the one we know is a link just followed, whose "hashchange" is still to come.
    function flush() {
      if (!watching || window.location.hash !== known) return;
      var now = compose();
      if (now === known.replace(/^#/, "")) return;
      window.history.replaceState(window.history.state, "",
        window.location.pathname + window.location.search + (now ? "#" + now : ""));
      known = window.location.hash;
    }

    // Layers, their order and the groups, as the link has them or as usual.
    function restore_layers() {
      if (link.order) room.set_order(names(link.order));
      else if (!room.is_usual_order()) room.reset_layers();
      room.folded = {};
      names(link.fold || "").forEach(function (name) { room.folded[name] = true; });
      room.emit("folded");
      var asked = link.layers === undefined ? null : {};
      if (asked) {
        names(link.layers).forEach(function (one) {
          var read = /^(-?)([a-z][a-z0-9_]*)(?::(\d(?:\.\d+)?))?$/.exec(one);
          if (read && (read[2] === "subjects" || room.layer(read[2]))) asked[read[2]] = { on: !read[1], opacity: read[3] === undefined ? 1 : Number(read[3]) };
        });
        // Names of which none is known here hide nothing; no name at all is a map without layers.
        if (names(link.layers).length && !Object.keys(asked).length) asked = null;
      }
      room.layers.slice().forEach(function (layer) {
        var id = layer.spec.id, one = asked && asked[id];
        var on = asked ? Boolean(one && one.on) && layer.spec.provided : room.usual_layer(layer);
        var opacity = one ? Math.min(1, one.opacity) : 1;
        if (layer.opacity !== opacity) room.set_opacity(id, opacity);
        if (layer.visible !== on) room.show_layer(id, on);
      });
      var hidden = asked !== null && !(asked.subjects && asked.subjects.on);
      if (room.has_screening() && Boolean(room.points_hidden) !== hidden) room.show_points(!hidden);
    }

    function restore_view() {
      var read = /^(\d{1,2}(?:\.\d+)?)\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/.exec(link.map || "");
      if (!read || Math.abs(read[2]) > 85 || Math.abs(read[3]) > 180) return false;
      map.setView([Number(read[2]), Number(read[3])], Number(read[1]), { animate: false });
      return true;
    }

    // The filters of the link that this screening knows; the others are as if not there.
    function filters() {
      var found = { verdict: [], q: "", area: "", years: "" }, offered = room.head.filters || {}, years = room.head.years;
      found.verdict = names(link["f.verdict"] || "").filter(function (sign) { return geoaq.SIGNS.indexOf(sign) >= 0; });
      CHOSEN.forEach(function (name) {
        var value = link["f." + name] || "";
        found[name] = (offered[name] || []).some(function (one) { return one.value === value; }) ? value : "";
      });
      found.q = (link["f.q"] || "").trim().slice(0, 100);
      if (AREA.test(link["f.area"] || "")) found.area = link["f.area"];
      var span = /^(\d{4})-(\d{4})$/.exec(link["f.years"] || "");
      if (span && years && span[1] <= span[2]) found.years = link["f.years"];
      return found;
    }

    function choose(placed) {
      var key = KEY.test(link.s || "") ? link.s : null;
      if (key !== room.selected) room.select(key, placed ? "restored" : "link");
    }

    // Where it is not a screening that is shown, the page itself reads its part of the link.
    function restore_subject() {
      room.restore(link);
      if (link.s) window.setTimeout(function () { choose(room.placed); }, 0);
    }

    room.on("idle", function () {
      room.fit(room.options.bounds, 12, true);
      home = view();
      if (link) {
        restore_layers();
        room.placed = restore_view();
        if (room.restore) restore_subject();
      }
      watching = true;
    });
    room.on("home", function () { home = view(); });
    room.on("head", function () {
      home = view();
      known = window.location.hash;
      if (link) {
        restore_layers();
        Object.assign(room.filter, filters());
        var placed = restore_view();
        if (link.s) window.setTimeout(function () { choose(placed); }, 0);
      }
      watching = true;
    });
    window.addEventListener("hashchange", function () {
      known = window.location.hash;
      var asked = parse(known);
      if (!asked || !watching) return;
      link = asked;
      restore_layers();
      var placed = restore_view();
      if (room.restore) restore_subject();
      if (!room.head) return;
      room.set_filter(filters());
      room.emit("restored");
      choose(placed);
    });
    ["filter", "select", "layers", "folded"].forEach(function (name) { room.on(name, write); });
    map.on("moveend zoomend", write);
    room.link = function () {
      flush();
      return window.location.href;
    };
    var lang = document.querySelector("header.top .state a[hreflang]");
    if (lang) lang.addEventListener("click", function () { flush(); lang.hash = window.location.hash; });
    copy_button(room);
  };

  // "Copy link": the clipboard where the browser gives it to this page, else the address marked for copying.
  function copy_button(room) {
    var said = el("div", { class: "tool-note", role: "status", hidden: true }), timer = null;
    var main = room.map.getContainer().parentNode;
    function hide() { said.hidden = true; window.clearTimeout(timer); }
    function copied() {
      geoaq.append(geoaq.clear(said), geoaq.say("link_copied"));
      said.hidden = false;
      window.clearTimeout(timer);
      timer = window.setTimeout(hide, 4000);
    }
    function offer(address) {
      var field = el("input", { type: "text", class: "link-field", readonly: true, "aria-label": geoaq.say("link_field"),
        value: address });
      geoaq.append(geoaq.clear(said), [el("span", {}, geoaq.say("link_field")), field,
        el("button", { type: "button", class: "button small", onclick: function () { hide(); button.focus(); } },
          geoaq.say("close"))]);
      said.hidden = false;
      field.focus();
      field.select();
    }
    said.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      hide();
      button.focus();
      event.preventDefault();
      event.stopPropagation();
    });
    var button = geoaq.tool_button("link", "link_copy", function () {
      var address = room.link();
      if (!window.isSecureContext || !navigator.clipboard) offer(address);
      else navigator.clipboard.writeText(address).then(copied, function () { offer(address); });
    });
    main.appendChild(said);
    room.last_tools.appendChild(button);
  }
})();
