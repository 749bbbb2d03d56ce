// The time that the fire map shows: the last hours or days, a season or a span of one's own, over a histogram of days.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var DAY_S = 86400, EAST_S = 8 * 3600, PRESETS = ["24h", "3d", "7d", "season"], SHOWN_DAYS = 45, MOST_BARS = 60, STEP_MS = 900;

  function day_of(seconds) { return Math.floor((seconds + EAST_S) / DAY_S); }
  function begin_of(day) { return day * DAY_S - EAST_S; }
  function words_of(day) { return geoaq.beijing(begin_of(day)).slice(0, 10); }

  geoaq.add_fire_time = function (room) {
    var frame = null, span = null, timer = null, bars = el("div", { class: "year-bars", "aria-hidden": "true" });
    var low = handle("fire_from", 0), high = handle("fire_to", 1);
    var said = el("output", { class: "fire-span" }), age = el("span", { class: "fire-age" });
    var play = el("button", { type: "button", class: "tool", onclick: function () { if (timer) pause(); else start(); } });
    var presets = {}, group = el("div", { class: "fire-presets", role: "group", "aria-label": geoaq.say("fire_time") });
    PRESETS.forEach(function (name) {
      presets[name] = el("button", { type: "button", class: "tag not", "aria-pressed": "false", onclick: function () {
        pause();
        room.fires.choose_span(name);
      } }, geoaq.say("fire_last_" + name));
      group.appendChild(presets[name]);
    });
    var begins = moment("fire_from"), ends = moment("fire_to"), wrong = el("p", { class: "error", role: "alert", hidden: true });
    var own = el("details", { class: "fire-own" }, el("summary", {}, geoaq.say("fire_own")),
      el("form", { class: "fire-own-form", onsubmit: function (event) {
        event.preventDefault();
        take_own();
      } }, el("label", { class: "field" }, geoaq.say("fire_from"), begins), el("label", { class: "field" }, geoaq.say("fire_to"), ends),
      el("p", { class: "muted" }, geoaq.say("fire_beijing")), wrong,
      el("button", { type: "submit", class: "button primary small" }, geoaq.say("fire_show"))));
    group.appendChild(own);
    var box = el("section", { class: "years fire-time", "aria-label": geoaq.say("fire_time") }, group,
      el("div", { class: "fire-row" }, play, el("div", { class: "year-field" }, bars, low, high)),
      el("div", { class: "fire-said" }, said, age));
    room.map.getContainer().parentNode.appendChild(box);
    document.body.classList.add("with-years");
    room.covered = function (side) {
      return box.getBoundingClientRect()[side] - room.map.getContainer().getBoundingClientRect().top;
    };
    box.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || (!timer && !own.open)) return;
      pause();
      own.open = false;
      event.stopPropagation();
    });
    // While the days play the map stays where it is.
    var ask = geoaq.later(200, function () {
      var words = named(span[0], span[1]);
      if (timer) room.set_filter({ span: words });
      else room.fires.choose_span(words);
    });
    room.on("fires", draw);
    room.on("filter", function () { if (room.fires.state) follow(); });
    room.on("fire_state", tell_age);
    draw_play();
    return box;

    function moment(code) { return el("input", { type: "datetime-local", required: true, "aria-label": geoaq.say(code) + geoaq.say("fire_beijing") }); }
    function named(first, last) { return geoaq.beijing(begin_of(first)) + "_" + geoaq.beijing(begin_of(last + 1)); }
    function take_own() {
      var from = geoaq.from_beijing(begins.value), to = geoaq.from_beijing(ends.value);
      wrong.hidden = from < to;
      if (!(from < to)) { geoaq.append(geoaq.clear(wrong), geoaq.say("fire_no_span")); return; }
      own.open = false;
      pause();
      room.fires.choose_span(geoaq.beijing(from) + "_" + geoaq.beijing(to));
    }

    function handle(code, end) {
      var input = el("input", { type: "range", step: 1, "aria-label": geoaq.say(code), oninput: function () {
        var value = Number(input.value);
        pause();
        take(end ? Math.min(span[0], value) : value, end ? value : Math.max(span[1], value));
      } });
      return input;
    }

    // Days of the span, drawn at once; the map and the list follow when the handle rests.
    function take(first, last) {
      span = [first, last];
      place();
      ask();
    }
    function place() {
      low.value = span[0];
      high.value = span[1];
      low.style.zIndex = span[0] > (frame[0] + frame[1]) / 2 ? 2 : 1;
      high.style.zIndex = span[0] > (frame[0] + frame[1]) / 2 ? 1 : 2;
      [low, high].forEach(function (one, i) { one.setAttribute("aria-valuetext", words_of(span[i])); });
      Array.prototype.forEach.call(bars.children, function (bar) {
        bar.className = bar.last >= span[0] && bar.first <= span[1] ? "in" : "";
      });
    }
    function follow() {
      var now = room.fires.span();
      PRESETS.forEach(function (name) { presets[name].setAttribute("aria-pressed", now.name === name ? "true" : "false"); });
      own.classList.toggle("in", now.name === "own");
      begins.value = geoaq.beijing(now.from);
      ends.value = geoaq.beijing(now.to);
      said.textContent = geoaq.beijing(now.from).replace("T", " ") + " – " + geoaq.beijing(now.to).replace("T", " ");
      said.title = geoaq.say("fire_beijing");
      var first = day_of(now.from), last = day_of(now.to - 1);
      if (!frame || first < frame[0] || last > frame[1]) {
        span = [first, last];
        if (room.fires.head) draw();
      } else {
        span = [first, last];
        place();
      }
    }

    // Bars of one day, or of several where the span is long; the frame is the span with some days before it.
    function draw() {
      var now = room.fires.span(), days = room.fires.head.days, end = day_of(room.fires.state.end - 1);
      span = [day_of(now.from), day_of(now.to - 1)];
      var last = Math.max(span[1], Math.min(end, span[1] + 7));
      // Before the first day with pixels there is nothing to slide to.
      var earliest = days.counts.length ? days.first - 3 : span[0];
      frame = [Math.min(span[0], Math.max(earliest, last - SHOWN_DAYS + 1)), last];
      [low, high].forEach(function (one) { one.min = frame[0]; one.max = frame[1]; });
      var wide = Math.ceil((frame[1] - frame[0] + 1) / MOST_BARS), counts = [];
      for (var day = frame[0]; day <= frame[1]; day += wide) {
        var count = 0;
        for (var i = day; i < day + wide; i++) count += days.counts[i - days.first] || 0;
        counts.push({ first: day, last: Math.min(day + wide - 1, frame[1]), count: count });
      }
      var most = Math.max.apply(null, counts.map(function (one) { return one.count; }).concat(1));
      geoaq.clear(bars);
      counts.forEach(function (one) {
        var bar = el("span", { title: words_of(one.first) + (one.last > one.first ? " – " + words_of(one.last) : "") + ": " + geoaq.number(one.count) });
        bar.style.height = one.count ? Math.max(6, Math.round((100 * one.count) / most)) + "%" : "0";
        bar.first = one.first;
        bar.last = one.last;
        bars.appendChild(bar);
      });
      place();
    }

    // How old the newest detection is: what is late never seems to be of this hour.
    function tell_age(state) {
      follow_if_ready();
      var newest = state.newest[0];
      age.textContent = newest ? geoaq.say("fire_newest", { age: geoaq.age_words(state.now - newest.at) }) : geoaq.say("fire_none_yet");
      age.classList.toggle("late", !state.live);
    }
    function follow_if_ready() { if (room.fires.head) follow(); }

    function start() {
      if (!frame) return;
      var wide = span[1] - span[0];
      if (span[1] >= frame[1]) take(frame[0], Math.min(frame[0] + wide, frame[1]));
      timer = window.setInterval(function () {
        if (span[1] >= frame[1]) { pause(); return; }
        take(span[0] + 1, span[1] + 1);
      }, STEP_MS);
      draw_play();
    }
    function pause() {
      if (timer) window.clearInterval(timer);
      timer = null;
      draw_play();
    }
    function draw_play() {
      var said_of = geoaq.say(timer ? "fire_pause" : "fire_play");
      geoaq.append(geoaq.clear(play), geoaq.icon(timer ? "pause" : "play"));
      play.setAttribute("aria-label", said_of);
      play.title = said_of;
    }
  };
})();
