// The register of static sources as a list: its month and where it is from, counts by decision, rows linked with the map.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var COLUMNS = ["place", "days", "span", "night", "frp", "radius", "last", "expires", "decision"];
  var NUMBERS = { days: true, span: true, night: true, frp: true, radius: true };
  var DECISIONS = ["open", "confirmed", "rejected"], TAGS = { open: "review", confirmed: "encouraged", rejected: "not" };

  geoaq.static_tag = function (decision) {
    return el("span", { class: "tag " + TAGS[decision.code], title: decision.text }, decision.text);
  };

  geoaq.static_list = function (room, card) {
    var state = { sort: "days", dir: "desc", page: 1, find: "", turn: 0, rows: {}, data: null };
    var bar = el("div", { class: "bar" }), filters = el("div", { class: "filters" });
    var from = el("p", { class: "limbs muted" }), body = el("div", { class: "list-body", tabindex: "-1" });
    var month = el("select", { "aria-label": geoaq.say("static_month"), onchange: function () { room.sources.set({ month: month.value }); } });
    var text = el("input", { type: "search", placeholder: geoaq.say("static_search"), "aria-label": geoaq.say("static_search"), maxlength: "100",
      oninput: geoaq.later(250, function () { room.sources.set({ q: text.value.trim() }); }) });
    geoaq.append(geoaq.clear(card), [bar, from, filters, body]);
    geoaq.append(filters, [month, text]);
    geoaq.append(body, el("p", { class: "empty" }, geoaq.say("loading")));
    room.on("filter", function () { state.page = 1; load(); });
    room.on("reviewed", load);
    room.on("failed", fail);
    room.on("select", function (choice) {
      mark("selected", choice.key);
      if (choice.key === null || choice.origin === "list") return;
      if (state.rows[choice.key]) state.rows[choice.key].scrollIntoView({ block: "nearest" });
      else { state.find = choice.key; load(); }
    });
    room.on("hover", function (key) { mark("hovered", key); });
    room.static_load = load;

    function mark(name, key) { geoaq.mark_row(body, state.rows, name, key); }

    function load() {
      var turn = ++state.turn;
      card.setAttribute("aria-busy", "true");
      geoaq.fetch_json("/fires/static/register.json" + room.sources.query({ sort: state.sort, dir: state.dir, page: state.page, find: state.find }))
        .then(function (data) {
          if (turn !== state.turn) return;
          card.removeAttribute("aria-busy");
          state.data = data;
          state.page = data.page;
          draw_bar();
          geoaq.holding(body, draw_rows);
          if (state.find && state.rows[state.find]) state.rows[state.find].scrollIntoView({ block: "nearest" });
          state.find = "";
        }).catch(function (error) { if (turn === state.turn) fail(error); });
    }
    function fail(error) {
      card.removeAttribute("aria-busy");
      geoaq.append(geoaq.clear(body), [el("p", { class: "error", role: "alert" }, error.message),
        el("p", { class: "empty" }, el("button", { type: "button", class: "button", onclick: function () { load(); room.sources.load(); } },
          geoaq.say("static_retry")))]);
    }

    function draw_bar() { geoaq.holding(bar, bar_anew); }
    function bar_anew() {
      var data = state.data, chosen = room.sources.filter.decision, note = card.getAttribute("data-note");
      geoaq.append(geoaq.clear(bar), [
        el("b", { class: "total" }, geoaq.say("static_total", { count: geoaq.number(data.total) })),
        el("span", { class: "counts", role: "group", "aria-label": geoaq.say("static_filter_decision") }, DECISIONS.map(function (code) {
          return el("button", { type: "button", class: "tag " + TAGS[code], name: "state-" + code, "aria-pressed": chosen.indexOf(code) >= 0 ? "true" : "false",
            onclick: function () {
              room.sources.set({ decision: chosen.indexOf(code) < 0 ? chosen.concat(code) : chosen.filter(function (one) { return one !== code; }) });
            } }, geoaq.say("static_decision_" + code) + " " + geoaq.number(data.counts[code]));
        })),
        chosen.length || room.sources.filter.q ? el("button", { type: "button", class: "link", onclick: function () {
          text.value = "";
          room.sources.set({ q: "", decision: [] });
        } }, geoaq.say("filter_reset")) : null,
        el("span", { class: "push" }),
        geoaq.tool_button(card.classList.contains("tall") ? "down" : "up", "list_height", function () {
          card.classList.toggle("tall");
          draw_bar();
        }, { name: "height" }),
      ]);
      from.textContent = [note, data.provenance ? data.provenance.text : ""].filter(Boolean).join(" ");
      from.title = data.provenance ? data.provenance.sha256 : "";
      from.hidden = !from.textContent;
      geoaq.append(geoaq.clear(month), data.months.map(function (one) {
        return el("option", { value: one.value }, geoaq.say("static_month_of", { month: one.value, count: geoaq.number(one.rows) }));
      }));
      month.value = data.month;
      filters.hidden = !data.months.length;
    }

    function draw_rows() {
      var data = state.data;
      state.rows = {};
      geoaq.clear(body);
      if (!data.rows.length) {
        var filtered = room.sources.filter.q || room.sources.filter.decision.length;
        geoaq.append(body, el("p", { class: "empty" }, geoaq.say(!data.months.length ? "static_no_register" : filtered ? "static_nothing" : "static_none")));
        return;
      }
      geoaq.append(body, [el("table", { class: "grid sources" }, el("thead", {}, el("tr", {}, COLUMNS.map(heading))),
        el("tbody", {}, data.rows.map(row))), geoaq.pager(data, function (page) { state.page = page; load(); })]);
      mark("selected", room.selected);
    }
    function heading(name) {
      var on = state.sort === name;
      return el("th", { scope: "col", class: "c-" + name + (NUMBERS[name] ? " n" : ""), "aria-sort": !on ? "none" : state.dir === "asc" ? "ascending" : "descending" },
        el("button", { type: "button", name: "sort-" + name, onclick: function () {
          state.dir = on && state.dir === "desc" ? "asc" : "desc";
          state.sort = name;
          state.page = 1;
          load();
        } }, geoaq.say("static_column_" + name)));
    }
    function row(one) {
      var values = { place: one.place, days: geoaq.number(one.days), span: geoaq.number(one.span), night: one.night || "–",
        frp: [one.frp_median, one.frp_p95].filter(Boolean).join(" / ") || "–", radius: geoaq.number(one.radius_m), last: one.last, expires: one.expires };
      var line = el("tr", { tabindex: "0", "data-key": one.key, "aria-selected": "false", onclick: function () { room.select(one.key, "list"); },
        onkeydown: function (event) {
          var next = event.key === "ArrowDown" ? line.nextSibling : event.key === "ArrowUp" ? line.previousSibling : null;
          if (event.key === "Enter" || event.key === " ") room.select(one.key, "list");
          else if (next) next.focus();
          else return;
          event.preventDefault();
        },
        onmouseenter: function () { room.hover(one.key); }, onmouseleave: function () { room.hover(null); } },
      COLUMNS.map(function (name) {
        return el("td", { class: "c-" + name + (NUMBERS[name] ? " n" : ""), title: name === "place" ? one.place_whole : null },
          name === "decision" ? geoaq.static_tag(one.decision) : values[name]);
      }));
      state.rows[one.key] = line;
      return line;
    }
  };
})();
