// What the pointer is on: one tip for everything, the topmost thing answers, and nothing stays that is no longer so.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  // room.pointers: {order, hit(event) or null, tip(thing): lines, hover(thing or null)?, click(thing)?}; the lowest
  // order is asked first. A thing that is the same is === the same; lines may carry `later`, a promise of better ones.
  geoaq.add_tip = function (room, main) {
    var map = room.map, tip = el("div", { class: "tip", hidden: true }), last = null, at = null;
    room.pointers = room.pointers || [];
    main.appendChild(tip);

    function find(event) {
      if (room.tool) return null;
      var all = room.pointers.slice().sort(function (a, b) { return a.order - b.order; });
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
    function write(lines) {
      geoaq.clear(tip);
      lines.forEach(function (words, i) { tip.appendChild(el("div", { class: i ? "muted" : "" }, words)); });
    }
    function put() {
      var size = map.getSize();
      tip.style.left = Math.min(at.x + 14, size.x - tip.offsetWidth - 8) + "px";
      tip.style.top = Math.min(at.y + 14, size.y - tip.offsetHeight - 8) + "px";
    }
    function show(event) {
      var found = find(event);
      if (!found) { if (last) leave(); return; }
      if (last && last.of !== found.of && last.of.hover) last.of.hover(null);
      if (!last || last.of !== found.of || last.thing !== found.thing) {
        last = found;
        if (found.of.hover) found.of.hover(found.thing);
        var lines = found.of.tip(found.thing);
        write(lines);
        if (lines.later) {
          lines.later.then(function (more) {
            if (!more || last !== found) return;
            write(more);
            put();
          });
        }
      }
      tip.classList.toggle("quiet", found.of.quiet === true);
      tip.hidden = false;
      put();
      map.getContainer().classList.toggle("on-thing", Boolean(found.of.click));
    }
    // The pointer stands still and the map under it changed.
    function again() {
      if (!at) return;
      var inner = map.containerPointToLayerPoint(at);
      show({ containerPoint: at, layerPoint: inner, latlng: map.layerPointToLatLng(inner) });
    }
    var soon = geoaq.later(60, again);
    map.on("mousemove", function (event) {
      at = event.containerPoint;
      show(event);
    });
    map.on("mouseout", function () { at = null; leave(); });
    map.on("movestart zoomstart", leave);
    map.on("moveend", soon);
    room.on("layers", soon);
    room.on("drawn", soon);
    map.on("click", function (event) {
      var found = find(event);
      if (found && found.of.click) found.of.click(found.thing);
    });
  };
})();
