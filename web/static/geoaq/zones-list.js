// The list of zones and permits: how many in what state, filters, rows linked with the map, and the way to add one.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var COLUMNS = ["name", "kind", "text", "windows", "validity", "state"], STATES = ["now", "future", "past", "ended"];
  var TAGS = { now: "review", future: "none", past: "not", ended: "not" };

  geoaq.zone_tag = function (state) { return el("span", { class: "tag " + TAGS[state.code], title: state.text }, state.text); };

  geoaq.zone_list = function (room, card) {
    var state = { page: 1, turn: 0, rows: {}, data: null };
    var bar = el("div", { class: "bar" }), filters = el("div", { class: "filters" }), body = el("div", { class: "list-body", tabindex: "-1" });
    var kind = el("select", { "aria-label": geoaq.say("zone_filter_kind"), onchange: function () { room.zones.set({ kind: kind.value }); } });
    var text = el("input", { type: "search", placeholder: geoaq.say("zone_search"), "aria-label": geoaq.say("zone_search"), maxlength: "100",
      oninput: geoaq.later(250, function () { room.zones.set({ q: text.value.trim() }); }) });
    geoaq.append(geoaq.clear(card), [bar, filters, body]);
    geoaq.append(filters, [kind, text]);
    geoaq.append(body, el("p", { class: "empty" }, geoaq.say("loading")));
    room.on("filter", function () { state.page = 1; load(); });
    room.on("kept", load);
    room.on("failed", fail);
    room.on("select", function (choice) {
      mark("selected", choice.key);
      if (choice.key !== null && choice.origin !== "list" && state.rows[choice.key]) state.rows[choice.key].scrollIntoView({ block: "nearest" });
    });
    room.on("hover", function (key) { mark("hovered", key); });
    room.zones_list = load;

    function mark(name, key) { geoaq.mark_row(body, state.rows, name, key); }
    function load() {
      var turn = ++state.turn;
      card.setAttribute("aria-busy", "true");
      geoaq.fetch_json("/fires/zones/zones.json" + room.zones.query({ page: state.page })).then(function (data) {
        if (turn !== state.turn) return;
        card.removeAttribute("aria-busy");
        state.data = data;
        state.page = data.page;
        draw_bar();
        geoaq.holding(body, draw_rows);
      }).catch(function (error) { if (turn === state.turn) fail(error); });
    }
    function fail(error) {
      card.removeAttribute("aria-busy");
      geoaq.append(geoaq.clear(body), [el("p", { class: "error", role: "alert" }, error.message),
        el("p", { class: "empty" }, el("button", { type: "button", class: "button", onclick: function () { load(); room.zones.load(); } }, geoaq.say("zone_retry")))]);
    }
    function filtered() { return room.zones.filter.kind || room.zones.filter.q || room.zones.filter.state.length; }

    function draw_bar() { geoaq.holding(bar, bar_anew); }
    function bar_anew() {
      var data = state.data, chosen = room.zones.filter.state;
      geoaq.append(geoaq.clear(bar), [
        el("b", { class: "total" }, geoaq.say("zone_total", { count: geoaq.number(data.total) })),
        el("span", { class: "counts", role: "group", "aria-label": geoaq.say("zone_filter_state") }, STATES.map(function (code) {
          return el("button", { type: "button", class: "tag " + TAGS[code], name: "state-" + code, "aria-pressed": chosen.indexOf(code) >= 0 ? "true" : "false", onclick: function () {
            room.zones.set({ state: chosen.indexOf(code) < 0 ? chosen.concat(code) : chosen.filter(function (one) { return one !== code; }) });
          } }, geoaq.say("zone_state_" + code) + " " + geoaq.number(data.states[code]));
        })),
        filtered() ? el("button", { type: "button", class: "link", onclick: function () {
          text.value = "";
          room.zones.set({ kind: "", q: "", state: [] });
        } }, geoaq.say("filter_reset")) : null,
        el("span", { class: "push" }),
        el("button", { type: "button", class: "button small zone-add", name: "add", onclick: function () { room.edit_zone(null); } }, geoaq.say("zone_add")),
        geoaq.tool_button(card.classList.contains("tall") ? "down" : "up", "list_height", function () {
          card.classList.toggle("tall");
          draw_bar();
        }, { name: "height" }),
      ]);
      geoaq.append(geoaq.clear(kind), [el("option", { value: "" }, geoaq.say("zone_filter_kind")), Object.keys(data.kinds).map(function (code) {
        return el("option", { value: code }, room.kind_names[code] + " (" + geoaq.number(data.kinds[code]) + ")");
      })]);
      kind.value = room.zones.filter.kind;
    }
    function draw_rows() {
      state.rows = {};
      geoaq.clear(body);
      if (!state.data.rows.length) {
        geoaq.append(body, el("p", { class: "empty" }, geoaq.say(filtered() ? "zone_nothing" : "zone_none")));
        return;
      }
      geoaq.append(body, [el("table", { class: "grid zones" }, el("thead", {}, el("tr", {}, COLUMNS.map(function (name) {
        return el("th", { scope: "col", class: "c-" + name }, geoaq.say("zone_column_" + name));
      }))), el("tbody", {}, state.data.rows.map(row))), geoaq.pager(state.data, function (page) { state.page = page; load(); })]);
      mark("selected", room.selected);
    }
    function row(one) {
      var values = { name: one.name || geoaq.say("zone_unnamed"), kind: [one.kind.text, one.class].filter(Boolean).join(" · "), text: one.text, windows: one.windows, validity: one.validity };
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
        if (name === "state") return el("td", { class: "c-state" }, geoaq.zone_tag(one.state));
        if (name === "text" && !one.cited) return el("td", { class: "c-text", title: one.text }, el("span", { class: "tag warning" }, one.text));
        return el("td", { class: "c-" + name, title: values[name] }, values[name]);
      }));
      state.rows[one.key] = line;
      return line;
    }
  };
})();
