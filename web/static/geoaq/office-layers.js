// The layers that the office added, on the map: put in, taken out, and said where a screening did without.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.add_office_layers = function (room) {
    room.on("head", function (head) { mark_unused(room, head); });
    // What the server's list says is added now: `told` as of GET /office-layers, key "map".
    room.sync_office_layers = function (told) {
      var here = {};
      told.forEach(function (one) {
        here[one.id] = true;
        put(room, one);
      });
      room.layers.slice().forEach(function (layer) {
        if (layer.spec.office && !here[layer.spec.id]) take(room, layer);
      });
      if (room.head) mark_unused(room, room.head);
      room.set_order([]);
      room.refresh();
      offer(told);
    };
    geoaq.add_layer_dialog(room);
  };

  // A fresh layer object, so that every row and panel of it is drawn anew.
  function made(room, spec, old) {
    var layer = { spec: spec, visible: true, opacity: old ? old.opacity : 1, loaded: null, state: "idle", error: "" };
    if (old && old.shown) room.map.removeLayer(old.shown);
    if (spec.geometry === "table") return layer;
    if (!room.map.getPane(spec.id)) {
      room.map.createPane(spec.id).style.pointerEvents = "none";
    }
    layer.renderer = new geoaq.HatchCanvas({ pane: spec.id, padding: 0.3 });
    return layer;
  }

  function put(room, one) {
    var old = room.layer(one.id);
    if (!old && !one.free) return;  // of another job
    if (old && old.spec.office && old.spec.office.url === one.office.url && old.spec.title === (one.title || old.spec.title)) return;
    var was = old && old.spec;
    var given = was && (was.office ? was.office.given : { source: was.source, date: was.date, provided: was.provided });
    var spec = Object.assign({}, was || {}, one, { tiled: false }, { office: Object.assign({}, one.office, { given: given }) });
    var layer = made(room, spec, old);
    if (old) room.layers[room.layers.indexOf(old)] = layer;
    else {
      var above = room.layers.filter(function (other) { return other.spec.made_from === "boundaries"; })[0];
      room.layers.splice(above ? room.layers.indexOf(above) : room.layers.length, 0, layer);
    }
  }

  function take(room, layer) {
    if (layer.shown) room.map.removeLayer(layer.shown);
    var at = room.layers.indexOf(layer);
    if (layer.spec.free) {
      room.layers.splice(at, 1);
      return;
    }
    var own = room.head && room.head.layers[layer.spec.id];
    var spec = Object.assign({}, layer.spec, layer.spec.office.given, { office: null, unused: false });
    if (own !== undefined && own !== null) spec.provided = true;
    room.layers[at] = made(room, spec, layer);
    room.layers[at].visible = spec.provided && spec.visible;
  }

  // A screening keeps what it rested on: its own file is drawn, or the added one with the word that it was not used.
  function mark_unused(room, head) {
    room.layers.forEach(function (layer) {
      var spec = layer.spec;
      if (!spec.office || spec.free || spec.unused) return;
      if (Object.prototype.hasOwnProperty.call(head.layers, spec.id)) {
        spec.source = spec.office.given.source;
        spec.date = spec.office.given.date;
      } else {
        spec.unused = true;
        spec.notes = [geoaq.say("office_unused_hint")].concat(spec.notes);
      }
    });
    room.emit("layers");
  }

  // The forms of the page offer what is added, ticked until somebody unticks it; a file chosen in the form goes before.
  function offer(told) {
    Array.prototype.forEach.call(document.querySelectorAll(".office-offers"), function (place) {
      var form = place.closest("form"), before = {};
      Array.prototype.forEach.call(place.querySelectorAll("input"), function (box) { before[box.value] = box.checked; });
      geoaq.append(geoaq.clear(place), told.filter(function (one) {
        return form.querySelector('[name="layer.' + one.id + '"]');
      }).map(function (one) {
        var box = el("input", { type: "checkbox", name: "office." + one.id, value: one.office.sha256 });
        box.checked = before[one.office.sha256] !== false;
        return el("label", { class: "check", "data-office": one.id }, box, " ", el("span", {}, one.office.use));
      }));
    });
  }
})();
