// The fire map's state: what of the pixels is asked for, what the server says of them, whether anything is new.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var UNFILTERED = { span: "", class: [], satellite: [], region: "", confidence: [] };
  var HOUR_S = 3600, DAY_S = 86400, EAST_S = 8 * HOUR_S, STEP_S = 600;
  var SPANS = { "24h": DAY_S, "3d": 3 * DAY_S, "7d": 7 * DAY_S };
  var OWN_SPAN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)_(\d{4}-\d\d-\d\dT\d\d:\d\d)$/;
  var POLL_MS = 20000, SLOWEST_MS = 300000;

  // Seconds since 1970 UTC to Beijing time as YYYY-MM-DDTHH:MM, and back (NaN where the text is none).
  geoaq.beijing = function (seconds) {
    return new Date((seconds + EAST_S) * 1000).toISOString().slice(0, 16);
  };
  geoaq.from_beijing = function (text) { return Date.parse(text + "Z") / 1000 - EAST_S; };

  // Called before the layers are made: takes the place of a screening's source, filter and points.
  geoaq.use_fires = function (room) {
    var fires = room.fires = { state: null, head: null, checked: 0, changed: 0, error: "", turn: 0 };
    var wait = POLL_MS, timer = null, first = true;
    room.filter = Object.assign({}, UNFILTERED);
    room.set_filter = function (change) {
      room.filter = Object.assign({}, room.filter, change);
      room.emit("filter", room.filter);
    };
    room.reset_filter = function () {
      room.filter = Object.assign({}, UNFILTERED, { span: room.filter.span });
      room.emit("cleared");
      room.emit("filter", room.filter);
    };
    room.is_filtered = function () {
      return JSON.stringify(Object.assign({}, room.filter, { span: "" })) !== JSON.stringify(UNFILTERED);
    };
    // What a link asks for; called again when another one is followed.
    room.restore = function (link) {
      var found = Object.assign({}, UNFILTERED), span = link["f.span"] || "";
      if (SPANS[span] || span === "season" || (OWN_SPAN.test(span) && own(span))) found.span = span;
      ["class", "satellite", "confidence"].forEach(function (name) {
        found[name] = (link["f." + name] || "").split(",").filter(function (word) { return /^[\w:.-]{1,80}$/.test(word); }).slice(0, 20);
      });
      if (/^([1-9]\d{5}|inside|outside)$/.test(link["f.region"] || "")) found.region = link["f.region"];
      room.filter = found;
      if (fires.state) {
        room.emit("filter", room.filter);
        room.emit("restored");
      }
    };

    function own(text) {
      var read = OWN_SPAN.exec(text), from = geoaq.from_beijing(read[1]), to = geoaq.from_beijing(read[2]);
      return from < to ? { from: from, to: to } : null;
    }
    // The time that is shown: from (seconds since 1970 UTC), to (where it ends), open (new pixels come into it).
    fires.span = function () {
      var stated = room.filter.span || (fires.state.live ? "24h" : "3d"), end = fires.state.end;
      if (OWN_SPAN.test(stated)) return Object.assign({ open: false, name: "own" }, own(stated));
      var from = stated === "season" ? season(end) : Math.floor((end - SPANS[stated]) / STEP_S) * STEP_S;
      return { from: from, to: end, open: fires.state.live, name: stated };
    };
    fires.query = function (more) {
      var span = fires.span(), filter = room.filter;
      return geoaq.query(Object.assign({ from: utc(span.from), to: span.open ? "" : utc(span.to), class: filter.class.join(),
        satellite: filter.satellite.join(), confidence: filter.confidence.join(), region: filter.region }, more || {}));
    };
    room.print_words = function () {
      if (!fires.state) return "";
      var span = fires.span(), words = [geoaq.say("fire_span", { from: shown(span.from), to: shown(span.to) })];
      if (fires.head) words.push(geoaq.say("fire_total", { count: geoaq.number(fires.head.total) }));
      if (fires.state.demonstration) words.push(geoaq.say("fire_demo"));
      return words.join(" · ");
    };

    // The head of what is asked for; the last question's answer is the one that counts.
    function load_head(bounds) {
      var turn = ++fires.turn;
      return geoaq.fetch_json("/fires/head.json" + fires.query(bounds ? { bounds: 1 } : {})).then(function (head) {
        if (turn !== fires.turn) return null;
        fires.head = head;
        fires.error = "";
        room.emit("fires", head);
        return head;
      }).catch(function (error) {
        if (turn !== fires.turn) return null;
        fires.error = error.message;
        room.emit("fires_failed", error);
        return null;
      });
    }
    function take(state) {
      var before = fires.state, late = Math.floor(state.end / STEP_S);
      var changed = !before || before.state !== state.state;
      var moved = before && state.live && late !== Math.floor(before.end / STEP_S) && !OWN_SPAN.test(room.filter.span);
      fires.state = state;
      fires.checked = Date.now();
      wait = state.whole ? POLL_MS : 2000;
      if (changed) fires.changed = fires.checked;
      room.emit("fire_state", state);
      return Boolean(before) && (changed || moved);
    }
    function poll() {
      window.clearTimeout(timer);
      if (document.hidden) { again(); return; }
      geoaq.fetch_json("/fires/state").then(function (state) {
        fires.error = "";
        var before = fires.state;
        if (first) begin(state);
        else if (take(state)) {
          if (Boolean(before.demonstration) !== Boolean(state.demonstration)) begin_anew();
          else room.emit("fires_changed");
        }
        again();
      }).catch(function (error) {
        fires.error = error.message;
        wait = Math.min(SLOWEST_MS, wait * 2);
        room.emit("fires_failed", error);
        again();
      });
    }
    function again() { timer = window.setTimeout(poll, wait); }
    function begin(state) {
      first = false;
      take(state);
      if (state.demonstration) room.emit("say", state.demonstration);
      room.emit("filter", room.filter);
    }
    // The office's own data take the place of the demonstration: nothing that was asked of that holds any more.
    function begin_anew() {
      fires.head = null;
      room.placed = false;
      room.select(null, "anew");
      room.filter = Object.assign({}, UNFILTERED);
      room.emit("cleared");
      room.emit("filter", room.filter);
      room.emit("say", fires.state.demonstration || geoaq.say("fire_own_data"));
    }
    // Another time, by hand: the map follows where it would show none of its fires.
    var seeks = false;
    fires.choose_span = function (span) {
      seeks = true;
      room.set_filter({ span: span });
    };
    room.on("filter", function () {
      if (!fires.state) return;
      var fits = !fires.head && !fires.state.live && !room.placed, follows = seeks;
      seeks = false;
      load_head(fits || follows).then(function (head) {
        if (!head || !head.bounds || !at_home(head.bounds)) return;
        if (fits) {
          room.fit(head.bounds, 9, true);
          room.emit("home");
        } else if (follows) follow(fires.turn, head.bounds);
      });
    });
    // Of a file of half the world the map never shows the oceans by itself.
    function at_home(box) {
      var home = room.options.bounds;
      return box[0] >= home[0] && box[1] >= home[1] && box[2] <= home[2] && box[3] <= home[3];
    }
    function follow(turn, box) {
      if (turn !== fires.turn) return;
      if (room.live.waiting()) { window.setTimeout(follow, 50, turn, box); return; }
      if (!in_view(fires.points) && !in_view(fires.cells)) room.fit(box, 9, false);
    }
    function in_view(data) {
      var sight = room.sight();
      for (var i = 0; data && i < data.count; i++) {
        var at = geoaq.lonlat(data.x[i], data.y[i]);
        if (sight.contains([at[1], at[0]])) return true;
      }
      return false;
    }
    room.on("fires_changed", function () { load_head(false); });
    room.on("idle", function () { poll(); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden && !first) poll(); });
    fires.retry = function () { wait = POLL_MS; poll(); };
    geoaq.add_fire_points(room);
  };

  // The beginning of the season in which a moment lies: March, June, September, December, Beijing time.
  function season(at) {
    var day = new Date((at - 1 + EAST_S) * 1000), month = day.getUTCMonth(), year = day.getUTCFullYear();
    var begins = Math.floor((month + 1) / 3) * 3 - 1;
    return Date.UTC(begins < 0 ? year - 1 : year, (begins + 12) % 12, 1) / 1000 - EAST_S;
  }
  function utc(seconds) { return new Date(seconds * 1000).toISOString().slice(0, 19) + "Z"; }
  function shown(seconds) { return geoaq.beijing(seconds).replace("T", " "); }

  // How long ago: minutes, hours, days.
  geoaq.age_words = function (seconds) {
    if (seconds < HOUR_S) return geoaq.say("fire_minutes", { count: Math.max(0, Math.round(seconds / 60)) });
    if (seconds < 2 * DAY_S) return geoaq.say("fire_hours", { count: Math.floor(seconds / HOUR_S) });
    return geoaq.say("fire_days", { count: geoaq.number(Math.floor(seconds / DAY_S)) });
  };
})();
