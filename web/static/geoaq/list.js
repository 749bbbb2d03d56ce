// The list card: counts first, then what is filtered, then the rows; linked with the map both ways.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var COLUMNS = ["subject_id", "name", "county", "capacity", "anchor", "distance", "verdict"];
  var MANY = 200;
  var CLASSES = { subject_id: "id", capacity: "n", distance: "n" };

  geoaq.list_card = function (room, card) {
    var bar = el("div", { class: "bar" }), filters = el("div", { class: "filters" });
    var body = el("div", { class: "list-body", tabindex: "-1" });
    var state = { sort: "verdict", dir: "asc", page: 1, find: "", tab: "subjects", turn: 0, rows: {} };
    var files = geoaq.files_bar(room);
    var limbs = el("p", { class: "limbs muted", hidden: true });
    geoaq.append(geoaq.clear(card), [bar, limbs, filters, body]);
    geoaq.append(body, el("p", { class: "empty" }, geoaq.say("loading")));

    room.on("head", function (head) {
      limbs.textContent = (head.limbs || []).join("　");
      limbs.hidden = !limbs.textContent;
      draw_bar(null);
      draw_filters();
    });
    room.on("filter", function () { state.page = 1; state.find = ""; load(); });
    room.on("cleared", function () { draw_filters(); });
    room.on("restored", function () { draw_filters(); });
    room.on("failed", function (error) { fail(error.message); });
    room.on("select", function (choice) {
      mark("selected", choice.key);
      if (choice.key === null || choice.origin === "list" || state.tab !== "subjects") return;
      if (!state.rows[choice.key]) { state.find = choice.key; load(); }
      else state.rows[choice.key].scrollIntoView({ block: "nearest" });
    });
    room.on("hover", function (key) { mark("hovered", key); });

    function mark(name, key) { geoaq.mark_row(body, state.rows, name, key); }

    function load() {
      var turn = ++state.turn;
      card.setAttribute("aria-busy", "true");
      if (state.tab === "issues") {
        geoaq.issues_table(room, body, state.page, turn_page).then(done, function (e) { fail(e.message); });
        return;
      }
      room.source.subjects(room.filter, { sort: state.sort, dir: state.dir, page: state.page, find: state.find })
        .then(function (data) {
          if (turn !== state.turn) return;
          state.page = data.page;
          room.totals = data.totals;
          draw_rows(data);
          if (data.rows.length === 1 && room.head.counts.subjects === 1 && room.selected === null) {
            room.select(data.rows[0].key, "first");
          }
          done();
          draw_bar(data.totals);
          verdict_counts();
          if (state.find && state.rows[state.find]) state.rows[state.find].scrollIntoView({ block: "nearest" });
          state.find = "";
        }).catch(function (error) { if (turn === state.turn) fail(error.message); });
    }
    // Counts by verdict of everything that the other filters let pass, so that a verdict not chosen keeps its count.
    function verdict_counts() {
      function take(totals) {
        room.by_verdict = totals;
        draw_bar(room.totals);
        room.emit("totals", totals);
      }
      var others = Object.assign({}, room.filter, { verdict: [] }), known = JSON.stringify(others);
      if (!room.filter.verdict.length) {
        state.known = known;
        take(room.totals);
      } else if (state.known !== known) {
        state.known = known;
        room.source.subjects(others, { page: 1, page_size: 1 }).then(function (data) { take(data.totals); })
          .catch(function () { state.known = ""; });
      }
    }
    function done() { card.removeAttribute("aria-busy"); }
    function fail(words) {
      done();
      geoaq.append(geoaq.clear(body), el("p", { class: "error", role: "alert" }, words));
    }
    function turn_page(page) { state.page = page; load(); }

    // Counts, each a switch of its verdict; the issues; the files.
    function draw_bar(totals) {
      var head = room.head, counts = totals || head.counts, by_verdict = room.by_verdict || head.counts;
      geoaq.clear(bar);
      geoaq.append(bar, [
        el("b", { class: "total" }, geoaq.say("total", { count: geoaq.number(counts.subjects), tph: counts.tph_text })),
        el("span", { class: "counts", role: "group", "aria-label": geoaq.say("filter_verdict") },
          geoaq.signs_shown(by_verdict).map(function (sign) {
            var on = room.filter.verdict.indexOf(sign) >= 0;
            return el("button", { type: "button", class: "tag " + sign, "aria-pressed": on ? "true" : "false",
              onclick: function () { toggle(sign); } },
            geoaq.say("short_" + sign) + " " + geoaq.number(by_verdict[sign]));
          })),
        room.embedded ? null : issues_link(head.counts),
        room.is_filtered() ? el("button", { type: "button", class: "link", onclick: room.reset_filter },
          geoaq.say("filter_reset")) : null,
        el("span", { class: "push" }), files,
        geoaq.tool_button(card.classList.contains("tall") ? "down" : "up", "list_height", function () {
          card.classList.toggle("tall");
          draw_bar(room.totals);
        }),
      ]);
    }

    // The way to the issues and back; only their number where nothing at all was noted.
    function issues_link(counts) {
      var said = geoaq.say("issues_count", { count: geoaq.number(counts.issues) }), on = state.tab === "issues";
      if (!counts.noted) return el("small", {}, said);
      return el("button", { type: "button", class: "link issues-link", "aria-pressed": on ? "true" : "false",
        onclick: function () {
          state.tab = on ? "subjects" : "issues";
          state.page = 1;
          draw_bar(room.totals);
          load();
        } }, on ? geoaq.say("back_to_list") : said);
    }

    function toggle(sign) {
      var now = room.filter.verdict, at = now.indexOf(sign);
      room.set_filter({ verdict: at < 0 ? now.concat(sign) : now.filter(function (one) { return one !== sign; }) });
    }

    function draw_filters() {
      geoaq.clear(filters);
      ["rule", "county", "timing", "consultee"].forEach(function (name) {
        var choices = (room.head.filters || {})[name] || [];
        if (!choices.length) return;
        var select = el("select", { "aria-label": geoaq.say("filter_" + name), onchange: function () {
          var change = {};
          change[name] = select.value;
          room.set_filter(change);
        } });
        offer(select, name, choices);
        filters.appendChild(select);
      });
      var text = el("input", { type: "search", placeholder: geoaq.say("filter_q"), "aria-label": geoaq.say("filter_q"),
        oninput: geoaq.later(250, function () { room.set_filter({ q: text.value.trim() }); }) });
      text.value = room.filter.q;
      filters.appendChild(text);
    }

    // Of very many choices only the chosen one is written at once: the others when they are looked at, or when the
    // map is drawn.
    function offer(select, name, choices) {
      var chosen = room.filter[name], written = choices.length <= MANY;
      function write(some) {
        geoaq.append(geoaq.clear(select), [el("option", { value: "" }, geoaq.say("filter_" + name)), some.map(function (choice) {
          return el("option", { value: choice.value }, choice.text + " (" + geoaq.number(choice.count) + ")");
        })]);
        select.value = chosen;
      }
      function all() {
        if (written) return;
        written = true;
        chosen = select.value;
        write(choices);
      }
      write(written ? choices : choices.filter(function (choice) { return choice.value === chosen; }));
      if (written) return;
      ["focus", "pointerdown"].forEach(function (name) { select.addEventListener(name, all); });
      room.when_drawn(all);
    }

    function draw_rows(data) {
      state.rows = {};
      geoaq.clear(body);
      if (!data.rows.length) {
        geoaq.append(body, el("p", { class: "empty" }, geoaq.say(room.is_filtered() ? "list_nothing" : "list_empty")));
        return;
      }
      var own = room.head && room.head.columns && room.head.columns.length ? room.head.columns : null;
      geoaq.append(body, [el("table", { class: own ? "grid projects" : "grid subjects" },
        el("thead", {}, el("tr", {}, (own || COLUMNS).map(heading))),
        el("tbody", {}, data.rows.map(function (one) { return row(one, own || COLUMNS); }))), geoaq.pager(data, turn_page)]);
      mark("selected", room.selected);
    }

    function heading(name) {
      var on = state.sort === name;
      return el("th", { scope: "col", class: CLASSES[name] === "n" ? "n" : "", "aria-sort": !on ? "none"
        : state.dir === "asc" ? "ascending" : "descending" },
      el("button", { type: "button", onclick: function () {
        state.dir = on && state.dir === "asc" ? "desc" : "asc";
        state.sort = name;
        state.page = 1;
        load();
      } }, geoaq.say("column_" + name)));
    }

    function row(subject, columns) {
      var line = el("tr", { tabindex: "0", "aria-selected": "false",
        onclick: function () { room.select(subject.key, "list"); },
        onkeydown: function (event) { keys(event, line, subject.key); },
        onmouseenter: function () { room.hover(subject.key); }, onmouseleave: function () { room.hover(null); } },
      columns.map(function (name) {
        var value = name === "verdict" ? { sign: subject.sign, text: subject.tag }
          : name === "subject_id" ? geoaq.own_number(subject.subject_id) : subject[name];
        return el("td", { class: CLASSES[name] || "", title: name === "subject_id" ? subject.subject_id : typeof value === "string" ? value : null },
          value && value.sign ? el("span", { class: "tag " + value.sign, title: value.text }, value.text) : value);
      }));
      state.rows[subject.key] = line;
      return line;
    }

    function keys(event, line, key) {
      var next = event.key === "ArrowDown" ? line.nextSibling : event.key === "ArrowUp" ? line.previousSibling : null;
      if (event.key === "Enter" || event.key === " ") room.select(key, "list");
      else if (next) next.focus();
      else return;
      event.preventDefault();
    }
  };
})();
