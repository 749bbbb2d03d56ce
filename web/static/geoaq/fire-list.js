// The list of fire pixels and of events: counts by class first, then filters, then rows; linked with the map both ways.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var COLUMNS = { pixels: ["time", "place", "class", "satellite", "confidence", "frp"], events: ["time", "place", "township", "class", "pixels", "frp", "verdict", "open"] };
  var UNSORTED = { confidence: true, township: true, verdict: true, open: true }, NUMBERS = { frp: true, pixels: true };

  geoaq.fire_list = function (room, card) {
    var state = { tab: "pixels", sort: "time", dir: "desc", page: 1, turn: 0, rows: {}, events: 0, told: "" };
    var bar = el("div", { class: "bar" }), filters = el("div", { class: "filters" });
    var body = el("div", { class: "list-body", tabindex: "-1" });
    var notice = el("div", { class: "fire-notice", role: "status", hidden: true });
    var rows = el("div", {}, el("p", { class: "empty" }, geoaq.say("loading")));
    geoaq.append(geoaq.clear(card), [bar, filters, body]);
    geoaq.append(body, [notice, rows]);
    room.on("filter", function () { state.page = 1; if (room.fires.state) load(); });
    room.on("fires_changed", load);
    room.on("fires", function () { draw_bar(); draw_filters(); });
    room.on("fire_state", tell);
    room.on("fires_failed", function (error) { if (!room.fires.head) fail(error); });
    room.on("select", function (choice) {
      mark("selected", choice.key);
      if (choice.key !== null && choice.origin !== "list" && state.rows[choice.key]) state.rows[choice.key].scrollIntoView({ block: "nearest" });
    });
    room.on("hover", function (key) { mark("hovered", key); });

    // The note of the demonstration is long: folded up on a phone, so that rows are seen under it.
    function tell(now) {
      var words = [now.failed, now.pixels || now.demonstration ? "" : geoaq.say("fire_none_yet_how"),
        now.pixels && !now.judged ? geoaq.say("fire_unjudged") : "", now.whole ? "" : geoaq.say("fire_building")].filter(Boolean).join(" ");
      if (state.told === now.demonstration + "\n" + words) return;
      state.told = now.demonstration + "\n" + words;
      geoaq.append(geoaq.clear(notice), [words ? el("p", {}, words) : null,
        now.demonstration ? el("details", { open: !window.matchMedia("(max-width: 760px)").matches },
          el("summary", {}, geoaq.say("fire_note_more")), el("p", {}, now.demonstration)) : null]);
      notice.hidden = !words && !now.demonstration;
    }
    function mark(name, key) { geoaq.mark_row(body, state.rows, name, key); }

    function load() {
      var turn = ++state.turn;
      card.setAttribute("aria-busy", "true");
      geoaq.fetch_json("/fires/" + state.tab + ".json" + room.fires.query({ sort: state.sort, dir: state.dir, page: state.page }))
        .then(function (data) {
          if (turn !== state.turn) return;
          card.removeAttribute("aria-busy");
          state.page = data.page;
          state.events = state.tab === "events" ? data.total : 0;
          if (room.fires.head) draw_bar();
          geoaq.holding(rows, function () { draw_rows(data); });
        }).catch(function (error) { if (turn === state.turn) fail(error); });
    }
    function fail(error) {
      card.removeAttribute("aria-busy");
      geoaq.append(geoaq.clear(rows), [el("p", { class: "error", role: "alert" }, error.message),
        el("p", { class: "empty" }, el("button", { type: "button", class: "button", onclick: function () {
          room.fires.retry();
          if (room.fires.state) load();
        } }, geoaq.say("fire_retry")))]);
    }
    function turn_page(page) { state.page = page; load(); }

    function draw_bar() { geoaq.holding(bar, bar_anew); }
    function draw_filters() { geoaq.holding(filters, filters_anew); }

    function bar_anew() {
      var head = room.fires.head, spec = room.layer("fire_pixels").spec;
      geoaq.append(geoaq.clear(bar), [
        el("b", { class: "total" }, state.tab === "events" ? geoaq.say("fire_total_events", { count: geoaq.number(state.events) })
          : geoaq.say("fire_total", { count: geoaq.number(head.total) })),
        el("span", { class: "counts", role: "group", "aria-label": geoaq.say("fire_filter_class") },
          spec.legend.filter(function (line) { return line.when.class; }).map(function (line) {
            var code = line.when.class, on = room.filter.class.indexOf(code) >= 0, count = head.classes[code] || 0;
            return count || on ? el("button", { type: "button", class: "tag fire-class", name: "class-" + code, "aria-pressed": on ? "true" : "false",
              title: line.title, onclick: function () { toggle("class", code); } },
            geoaq.style_swatch(line.style, "point"), geoaq.say("fire_short_" + code) + (state.tab === "events" ? "" : " " + geoaq.number(count))) : null;
          })),
        room.is_filtered() ? el("button", { type: "button", class: "link", onclick: room.reset_filter }, geoaq.say("filter_reset")) : null,
        el("span", { class: "push" }),
        geoaq.tool_button(card.classList.contains("tall") ? "down" : "up", "list_height", function () {
          card.classList.toggle("tall");
          draw_bar();
        }, { name: "height" }),
      ]);
    }
    function toggle(name, word) {
      var now = room.filter[name], change = {};
      change[name] = now.indexOf(word) < 0 ? now.concat(word) : now.filter(function (one) { return one !== word; });
      room.set_filter(change);
    }

    function filters_anew() {
      var head = room.fires.head;
      geoaq.append(geoaq.clear(filters), [
        el("span", { class: "fire-tabs", role: "group", "aria-label": geoaq.say("fire_lists") }, ["pixels", "events"].map(function (name) {
          return el("button", { type: "button", class: "button small", name: "tab-" + name, "aria-pressed": state.tab === name ? "true" : "false", onclick: function () {
            state = Object.assign(state, { tab: name, sort: "time", dir: "desc", page: 1 });
            draw_filters();
            draw_bar();
            load();
          } }, geoaq.say("fire_tab_" + name));
        })),
        choice("satellite", room.filter.satellite[0] || "", head.satellites.map(option), function (value) { return { satellite: value ? [value] : [] }; }),
        choice("region", room.filter.region, regions(head), function (value) { return { region: value }; }),
        choice("confidence", room.filter.confidence.join(), ["high", "nominal,high", "low"].map(function (value) {
          return el("option", { value: value }, geoaq.say("fire_confidence_" + value.replace(",", "_")));
        }), function (value) { return { confidence: value ? value.split(",") : [] }; }),
      ]);
    }
    function option(one) { return el("option", { value: one.value }, one.text + " (" + geoaq.number(one.count) + ")"); }
    function regions(head) {
      return ["inside", "outside"].map(function (name) { return el("option", { value: name }, geoaq.say("fire_region_" + name)); }).concat(head.provinces.map(function (province) {
        var own = head.counties.filter(function (county) { return county.value.slice(0, 2) === province.value.slice(0, 2); });
        return el("optgroup", { label: province.text }, option(province), own.map(option));
      }));
    }
    function choice(name, value, options, change) {
      var select = el("select", { name: name, "aria-label": geoaq.say("fire_filter_" + name), onchange: function () {
        room.set_filter(change(select.value));
      } }, el("option", { value: "" }, geoaq.say("fire_filter_" + name)), options);
      select.value = value;
      if (value && select.value !== value) {
        select.appendChild(el("option", { value: value }, value));
        select.value = value;
      }
      return select;
    }

    function draw_rows(data) {
      state.rows = {};
      room.fires.places = {};
      geoaq.clear(rows);
      if (!data.rows.length) {
        geoaq.append(rows, el("p", { class: "empty" }, geoaq.say(data.judged === false ? "fire_not_judged" : state.tab === "events" ? "fire_no_events"
          : room.is_filtered() ? "fire_nothing" : "fire_none_here")));
        return;
      }
      var columns = COLUMNS[state.tab].filter(function (name) { return name !== "township" || data.townships; });
      state.townships = Boolean(data.townships);
      geoaq.append(rows, [el("table", { class: "grid fires " + state.tab + (state.townships ? " by-township" : "") }, el("thead", {}, el("tr", {}, columns.map(heading))),
        el("tbody", {}, data.rows.map(state.tab === "events" ? event_row : pixel_row))), geoaq.pager(data, turn_page)]);
      mark("selected", room.selected);
    }
    function heading(name) {
      var on = state.sort === name, words = geoaq.say("fire_column_" + name);
      return el("th", { scope: "col", class: "c-" + name + (NUMBERS[name] ? " n" : ""), "aria-sort": !on ? "none" : state.dir === "asc" ? "ascending" : "descending" },
        UNSORTED[name] ? words : el("button", { type: "button", name: "sort-" + name, onclick: function () {
          state.dir = on && state.dir === "desc" ? "asc" : "desc";
          state.sort = name;
          state.page = 1;
          load();
        } }, words));
    }
    function cell(name, value, title) {
      return el("td", { class: "c-" + name + (NUMBERS[name] ? " n" : ""), title: title || (typeof value === "string" ? value : null) }, value);
    }
    function sign(one) {
      var lines = geoaq.legend_lines(room.layer("fire_pixels").spec, "class"), line = lines[one.code];
      return el("span", { class: "fire-sign", title: one.text }, line ? geoaq.style_swatch(line.style, "point") : null, geoaq.say("fire_short_" + one.code));
    }
    function pixel_row(one) {
      room.fires.places[one.key] = { lon: one.lon, lat: one.lat };
      return line(one.key, function () { room.select(one.key, "list"); }, [cell("time", one.time), cell("place", one.place || "–", one.place_whole), cell("class", sign(one.class)),
        cell("satellite", one.satellite), cell("confidence", one.confidence), cell("frp", one.frp || "–")]);
    }
    function event_row(one) {
      var key = "event " + one.id;
      room.fires.places[key] = { lon: one.lon, lat: one.lat };
      return line(key, function () { room.show_place(one.lon, one.lat, null, false); }, [
        cell("time", one.last), cell("place", one.place, one.place_whole), state.townships ? cell("township", one.township || "–", one.township_note) : null, cell("class", sign(one.class)),
        cell("pixels", geoaq.number(one.pixels)), cell("frp", one.frp || "–"), cell("verdict", one.verdict),
        cell("open", el("a", { href: one.href, "aria-label": geoaq.say("fire_event_open") + " " + one.last + " " + one.place }, geoaq.say("fire_open")))]);
    }
    function line(key, work, cells) {
      var row = el("tr", { tabindex: "0", "data-key": key, "aria-selected": "false", onclick: function (event) { if (!event.target.closest("a")) work(); },
        onkeydown: function (event) {
          var next = event.key === "ArrowDown" ? row.nextSibling : event.key === "ArrowUp" ? row.previousSibling : null;
          if (event.target !== row) return;
          if (event.key === "Enter" || event.key === " ") work();
          else if (next) next.focus();
          else return;
          event.preventDefault();
        },
        onmouseenter: function () { room.hover(key); }, onmouseleave: function () { room.hover(null); } }, cells);
      state.rows[key] = row;
      return row;
    }
  };
})();
