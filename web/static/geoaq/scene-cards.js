// The cards of a searched scene: what was found by confidence, its hottest pixels, and one pixel with what decided.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var COLUMNS = ["grade", "t4", "dt", "frp", "place"], CLOSEST = 10;
  // Lines of the list; the map shows every pixel.
  var LISTED = 500;
  var HEAD = { class: "muted" };

  geoaq.add_scene_cards = function (room) {
    geoaq.layers_card(room, document.getElementById("layers"));
    list_of(room, document.getElementById("list"));
    card_of(room, document.getElementById("why"));
    geoaq.card_tabs(room, true);
    room.on("idle", function () {
      var named = /^#p([0-9]{1,7})$/.exec(window.location.hash);
      room.on("scene", function (scene) {
        if (scene.facts.box) room.fit(scene.facts.box, 9, true);
        if (named && scene.pixels.key.indexOf(Number(named[1])) >= 0) room.select(Number(named[1]), "link");
      });
      room.scene.load();
    });
    room.on("select", function (choice) {
      window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search + (choice.key === null ? "" : "#p" + choice.key));
    });
  };

  function list_of(room, card) {
    var bar = el("div", { class: "bar" }), body = el("div", { class: "list-body", tabindex: "-1" }), rows = {};
    geoaq.append(geoaq.clear(card), [bar, body]);
    geoaq.append(body, el("p", { class: "empty" }, geoaq.say("loading")));
    room.on("scene", draw);
    room.on("filter", draw);
    room.on("failed", function (error) { geoaq.append(geoaq.clear(body), el("p", { class: "error", role: "alert" }, error.message)); });
    room.on("select", function (choice) {
      geoaq.mark_row(body, rows, "selected", choice.key);
      if (choice.key !== null && choice.origin !== "list" && rows[choice.key]) rows[choice.key].scrollIntoView({ block: "nearest" });
    });
    room.on("hover", function (key) { geoaq.mark_row(body, rows, "hovered", key); });

    function draw() {
      geoaq.holding(card, function () { draw_bar(); draw_body(); });
    }

    function draw_bar() {
      var facts = room.scene.facts, chosen = room.scene.grades;
      geoaq.append(geoaq.clear(bar), [
        el("b", { class: "total" }, facts.title),
        el("span", {}, geoaq.say("scene_fires", { count: geoaq.number(facts.fires) })),
        el("span", { class: "counts", role: "group", "aria-label": geoaq.say("scene_filter") }, facts.grades.map(function (grade) {
          var on = chosen.indexOf(grade.code) >= 0;
          return el("button", { type: "button", name: "grade-" + grade.code, class: "tag scene-" + grade.code, "aria-pressed": on ? "true" : "false", onclick: function () {
            room.scene.filter(on ? chosen.filter(function (one) { return one !== grade.code; }) : chosen.concat(grade.code));
          } }, geoaq.say("scene_grade_" + grade.code) + " " + geoaq.number(grade.count));
        })),
        el("span", { class: "push" }),
        take_in(facts, null),
        el("a", { href: "/fires/scenes" }, geoaq.say("scene_all")),
        geoaq.tool_button(card.classList.contains("tall") ? "down" : "up", "list_height", function () {
          card.classList.toggle("tall");
          draw_bar();
        }),
      ]);
    }

    function draw_body() {
      var scene = room.scene, facts = scene.facts, data = scene.pixels, wanted = data.order.filter(scene.wanted), shown = wanted.slice(0, LISTED);
      rows = {};
      geoaq.append(geoaq.clear(body), [
        el("p", { class: "limbs muted" }, facts.span, " · ", facts.greys),
        facts.flags.length ? el("ul", { class: "flags", "aria-label": geoaq.say("scene_mind") }, facts.flags.map(function (text) { return el("li", {}, text); })) : null,
        shown.length ? el("table", { class: "grid scene" }, el("thead", {}, el("tr", {}, COLUMNS.map(function (name) {
          return el("th", { scope: "col", class: "c-" + name + (name === "grade" || name === "place" ? "" : " n") }, geoaq.say("scene_column_" + name));
        }))), el("tbody", {}, shown.map(function (i) { return row(data, i); }))) : el("p", { class: "empty" }, geoaq.say(facts.fires ? "scene_none_wanted" : "scene_none")),
        wanted.length > shown.length ? el("p", { class: "muted limbs" }, geoaq.say("scene_more", { shown: geoaq.number(shown.length), count: geoaq.number(wanted.length) })) : null,
        el("div", { class: "scene-counts" }, counts("scene_mask", facts.mask), counts("scene_frp", facts.frp)),
        el("p", { class: "limbs muted" }, facts.caution),
      ]);
      geoaq.mark_row(body, rows, "selected", room.selected);
    }

    function counts(title, lines) {
      if (!lines.length) return null;
      return el("table", { class: "why-facts" }, el("caption", {}, geoaq.say(title)), el("tbody", {}, lines.map(function (line) {
        return el("tr", {}, el("th", { scope: "row" }, line.text), el("td", {}, line.count));
      })));
    }

    function row(data, i) {
      var key = data.key[i];
      function number(value) { return value === null ? "–" : value.toFixed(1); }
      var cells = { t4: number(data.t4[i]), dt: number(data.dt[i]), frp: number(data.frp[i]), place: data.lon[i].toFixed(4) + ", " + data.lat[i].toFixed(4),
        grade: el("span", { class: "tag scene-" + data.grade[i] }, geoaq.say("scene_grade_" + data.grade[i])) };
      var line = el("tr", { tabindex: "0", "aria-selected": "false", "data-key": String(key), onclick: function () { room.select(key, "list"); },
        onkeydown: function (event) {
          var next = event.key === "ArrowDown" ? line.nextSibling : event.key === "ArrowUp" ? line.previousSibling : null;
          if (event.key === "Enter" || event.key === " ") room.select(key, "list");
          else if (next) next.focus();
          else return;
          event.preventDefault();
        },
        onmouseenter: function () { room.hover(key); }, onmouseleave: function () { room.hover(null); } },
      COLUMNS.map(function (name) { return el("td", { class: "c-" + name + (name === "grade" || name === "place" ? "" : " n") }, cells[name]); }));
      rows[key] = line;
      return line;
    }
  }

  function card_of(room, card) {
    geoaq.linked_card(room, card, {
      head: HEAD,
      fetched: function (choice) { return geoaq.fetch_json(room.scene.at + "/pixels/" + choice.key + ".json"); },
      shown: function (data, choice) {
        room.show_place(data.lon, data.lat, null, choice.origin === "map");
        if (room.map.getZoom() < CLOSEST && choice.origin !== "map") {
          room.map.setView([data.lat, data.lon], CLOSEST, { animate: false });
          room.show_place(data.lon, data.lat, null, true);
        }
      },
      content: function (data, close) {
        return [
          geoaq.card_head(geoaq.say("scene_pixel"), close, HEAD),
          el("p", { class: "headline" }, el("strong", {}, data.time)),
          el("p", { class: "counts" }, el("span", { class: "tag scene-" + data.grade.code }, data.grade.text)),
          facts(data.positions), facts(data.facts),
          el("h2", {}, geoaq.say("scene_reasons")),
          el("ul", { class: "reasons" }, data.reasons.map(function (text) { return el("li", {}, text); })),
          el("p", { class: "muted" }, data.note), el("p", { class: "muted" }, data.caution),
          el("p", { class: "deeds" }, take_in(room.scene.facts, "button")),
        ];
      },
    });
  }

  // Where the list asks whether its fires shall be taken in; those of a synthetic scene are not.
  function take_in(facts, name) {
    return facts.fires && !facts.synthetic ? el("a", { class: name, href: "/fires/scenes?scene=" + facts.id + "#s-" + facts.id }, geoaq.say("scene_take_in")) : null;
  }

  function facts(lines) {
    return el("table", { class: "why-facts" }, el("tbody", {}, lines.map(function (fact) {
      return el("tr", {}, el("th", { scope: "row" }, fact.label), el("td", {}, fact.text, fact.note ? el("small", { class: "muted" }, " ", fact.note) : null));
    })));
  }
})();
