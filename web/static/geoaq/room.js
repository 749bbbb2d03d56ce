// The room: one state (filter, chosen and hovered subject) that map, list and card share.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var LATEST_MS = 5000;
  var UNFILTERED = { verdict: [], rule: "", county: "", timing: "", consultee: "", q: "", area: "", years: "" };

  geoaq.room = function (map, options) {
    geoaq.lang = options.lang;
    geoaq.view = options.view;
    geoaq.load_strings(options.strings);
    var hub = geoaq.hub();
    var body = document.body;
    var room = {
      map: map, options: options, on: hub.on, emit: hub.emit,
      screening: body.getAttribute("data-screening-id") || "",
      state: body.getAttribute("data-state") || "none",
      embedded: body.getAttribute("data-embedded") === "true",
      filter: Object.assign({}, UNFILTERED), selected: null, hovered: null, head: null, layers: [],
    };
    room.has_screening = function () {
      return room.state === "ready" && (room.embedded || room.screening !== "");
    };
    room.set_filter = function (change) {
      room.filter = Object.assign({}, room.filter, change);
      hub.emit("filter", room.filter);
    };
    room.reset_filter = function () {
      room.filter = Object.assign({}, UNFILTERED);
      hub.emit("cleared");
      hub.emit("filter", room.filter);
    };
    room.is_filtered = function () {
      return JSON.stringify(room.filter) !== JSON.stringify(UNFILTERED);
    };
    // Choose a subject by key; origin says who chose ("map", "list", "search") so that none answers itself.
    room.select = function (key, origin) {
      room.selected = key;
      hub.emit("select", { key: key, origin: origin || "" });
    };
    room.hover = function (key) {
      if (room.hovered === key) return;
      room.hovered = key;
      hub.emit("hover", key);
    };
    // Where the map is covered by something between it and the list, room.covered("top" or "bottom") says from or
    // to where, in pixels from the map's top.
    // Bounds west, south, east, north, kept clear of the cards.
    room.fit = function (bounds, max_zoom, at_once) {
      map.fitBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]],
        Object.assign({ maxZoom: max_zoom || 12, animate: !at_once }, room.padding()));
    };
    room.padding = function () {
      if (window.matchMedia("(max-width: 760px)").matches) {
        return { paddingTopLeft: [24, room.covered ? room.covered("bottom") + 8 : 56], paddingBottomRight: [64,
          Math.min(sheet_height() + 24, Math.round(window.innerHeight * 0.56))] };
      }
      var list = document.getElementById("list");
      var why = ["why", "upload"].filter(function (id) { return card_edge(id, "right") > 0; })[0];
      return {
        paddingTopLeft: [card_edge("layers", "right") + 16, 84],
        paddingBottomRight: [why ? window.innerWidth - card_edge(why, "left") + 16 : 16,
          room.covered ? map.getSize().y - room.covered("top") + 16 : list ? list.offsetHeight + 56 : 40],
      };
    };
    // What is seen of the map beside the cards.
    room.sight = function () {
      var pad = room.padding(), size = map.getSize();
      return L.latLngBounds(map.containerPointToLatLng(pad.paddingTopLeft),
        map.containerPointToLatLng(size.subtract(pad.paddingBottomRight)));
    };
    // Move the map only as far as needed to see a place beside the cards, and a second one if both find room;
    // from far away come closer, unless asked to keep the scale.
    room.show_place = function (lon, lat, other, keep_scale) {
      var pad = Object.assign({ animate: false }, room.padding());
      if (!keep_scale && map.getZoom() < 8) {
        var near = other && Math.abs(other.lon - lon) < 1 && Math.abs(other.lat - lat) < 1 ? other : null;
        map.fitBounds(near ? [[lat, lon], [near.lat, near.lon]] : [[lat, lon]],
          Object.assign({ maxZoom: near ? 10.5 : 8.5 }, pad));
      }
      if (other) map.panInside([other.lat, other.lon], pad);
      map.panInside([lat, lon], pad);
    };
    // Show all of a site with what it was measured to; what is seen whole already stays, if the scale is to be kept.
    room.show_extent = function (bounds, keep_scale) {
      var box = L.latLngBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]]);
      if (!keep_scale || !room.sight().contains(box)) room.fit(bounds, 13, true);
    };
    room.fit(options.bounds, 12, true);
    window.addEventListener("resize", geoaq.later(150, function () { map.invalidateSize(); }));
    return room;
  };

  // How much of a phone's map the open card hides.
  function sheet_height() {
    var card = document.getElementById(document.body.getAttribute("data-sheet") || "");
    return card && !card.hidden ? card.offsetHeight : 0;
  }

  function card_edge(id, side) {
    var card = document.getElementById(id);
    return card ? card.getBoundingClientRect()[side] : 0;
  }

  // The slices of the font hold what the interface itself does not say, such as names. Two hundred of them are named,
  // and each that arrives has the page laid out anew: they are taken up when the picture stands, or later in any case.
  function slices(room) {
    var link = document.getElementById("slices");
    function take_up() { link.rel = "stylesheet"; }
    if (!link) return;
    link.addEventListener("load", function () { room.labels.redraw(); });
    room.when_drawn(take_up);
    window.setTimeout(take_up, LATEST_MS);
  }

  // Everything is there: ask for the screening, then for its points.
  geoaq.ready = function (room) {
    slices(room);
    room.emit("layers");
    if (!room.has_screening()) {
      room.emit("idle");
      return;
    }
    room.source.head().then(function (head) {
      room.head = head;
      if (head.bounds) room.fit(head.bounds, geoaq.view === "border" ? 9.5 : 12, true);
      room.emit("head", head);
      room.emit("filter", room.filter);
      var named = /^#(\d+-\d+)$/.exec(window.location.hash);
      if (named) room.select(named[1], "link");
    }).catch(function (error) {
      room.emit("failed", error);
    });
  };
})();
