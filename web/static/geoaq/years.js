// The years of a list: a small histogram with a handle at each end; it plays through the years.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var STEP_MS = 900;

  // There where head.years is {first, last, counts, unknown}; it filters list and map by `years=first-last`.
  geoaq.add_years = function (room) {
    room.on("head", function (head) {
      if (head.years && head.years.last > head.years.first && !room.embedded) slider(room, head.years);
    });
  };

  function slider(room, years) {
    var first = years.first, last = years.last, timer = null, span = [first, last];
    var bars = el("div", { class: "year-bars", "aria-hidden": "true" });
    var most = Math.max.apply(null, years.counts.concat(1));
    var columns = years.counts.map(function (count, i) {
      var bar = el("span", { title: (first + i) + ": " + geoaq.number(count) });
      bar.style.height = count ? Math.max(6, Math.round((100 * count) / most)) + "%" : "0";
      bars.appendChild(bar);
      return bar;
    });
    var low = handle("years_from", 0), high = handle("years_to", 1);
    var words = el("output", { class: "year-words" }), unknown = el("small", { hidden: true });
    var play = el("button", { type: "button", class: "tool", onclick: function () { if (timer) pause(); else start(); } });
    var all = el("button", { type: "button", class: "link", onclick: function () { pause(); take(first, last, true); } },
      geoaq.say("years_all"));
    var box = el("section", { class: "years", "aria-label": geoaq.say("years") }, play,
      el("div", { class: "year-field" }, bars, low, high),
      el("div", { class: "year-said" }, words, all, unknown));
    var ask = geoaq.later(120, function () {
      var now = whole() ? "" : span.join("-");
      if (now !== room.filter.years) room.set_filter({ years: now });
    });
    room.map.getContainer().parentNode.appendChild(box);
    document.body.classList.add("with-years");
    room.on("filter", follow);
    box.addEventListener("keydown", function (event) { if (event.key === "Escape") pause(); });
    follow();
    draw_play();

    function whole() { return span[0] === first && span[1] === last; }

    function handle(code, end) {
      var input = el("input", { type: "range", min: first, max: last, step: 1, "aria-label": geoaq.say(code),
        oninput: function () {
          var value = Number(input.value);
          pause();
          if (end === 0) take(Math.min(value, span[1]), span[1], true);
          else take(span[0], Math.max(value, span[0]), true);
        } });
      return input;
    }

    function take(from, to, tell) {
      span = [from, to];
      low.value = from;
      high.value = to;
      // Where both stand at the upper end the lower one must be the one that can be taken.
      low.style.zIndex = from > (first + last) / 2 ? 2 : 1;
      high.style.zIndex = from > (first + last) / 2 ? 1 : 2;
      columns.forEach(function (bar, i) {
        bar.className = first + i >= from && first + i <= to ? "in" : "";
      });
      words.textContent = from === to ? String(from) : from + "\u2013" + to;
      all.hidden = whole();
      unknown.hidden = whole() || !years.unknown;
      unknown.textContent = geoaq.say("years_unknown", { count: geoaq.number(years.unknown) });
      if (tell) ask();
    }

    // The filter may be set elsewhere: by a link, or cleared.
    function follow() {
      var read = /^(\d{4})-(\d{4})$/.exec(room.filter.years || "");
      var from = read ? Math.max(first, Math.min(last, Number(read[1]))) : first;
      var to = read ? Math.max(from, Math.min(last, Number(read[2]))) : last;
      if (from !== span[0] || to !== span[1] || !words.textContent) take(from, to, false);
    }

    // A window as wide as the one chosen, from the first year on where all are shown, moves on a year at a time.
    function start() {
      var wide = whole() ? 0 : span[1] - span[0];
      if (whole() || span[1] === last) take(first, first + wide, true);
      timer = window.setInterval(function () {
        if (span[1] >= last) { pause(); return; }
        take(span[0] + 1, span[1] + 1, true);
      }, STEP_MS);
      draw_play();
    }
    function pause() {
      if (timer) window.clearInterval(timer);
      timer = null;
      draw_play();
    }
    function draw_play() {
      var words_of = geoaq.say(timer ? "years_pause" : "years_play");
      geoaq.append(geoaq.clear(play), geoaq.icon(timer ? "pause" : "play"));
      play.setAttribute("aria-label", words_of);
      play.title = words_of;
    }
  }
})();
