// What holds at a place: a tool of the map, and a card that says where it lies, what is near, which rules reach it.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.add_point_query = function (room) {
    var map = room.map, main = map.getContainer().parentNode, card = document.getElementById("why");
    var turn = 0, flag = null, tool = { stop: stop };
    var said = el("div", { class: "tool-note", role: "status", hidden: true });
    var button = geoaq.tool_button("place", "point_tool", function () {
      if (room.tool === tool) stop(); else start();
    }, { "aria-pressed": "false" });
    main.querySelectorAll(".tools .group")[1].appendChild(button);
    main.appendChild(said);

    function start() {
      room.take_tool(tool);
      button.setAttribute("aria-pressed", "true");
      geoaq.append(geoaq.clear(said), [geoaq.say("point_hint"),
        el("button", { type: "button", class: "link", onclick: function () { stop(); open(el("div")); } }, geoaq.say("point_type"))]);
      said.hidden = false;
      map.on("click", clicked);
    }
    function stop() {
      map.off("click", clicked);
      said.hidden = true;
      button.setAttribute("aria-pressed", "false");
      if (room.tool === tool) room.take_tool(null);
    }
    // The click still runs through the map's other listeners: the tool is put away after them.
    function clicked(event) {
      var at = event.latlng.wrap();
      window.setTimeout(stop, 0);
      room.ask_point(at.lng.toFixed(6) + ", " + at.lat.toFixed(6), { datum: "WGS84", clicked: 1 });
    }

    // Ask about a place; `how` states its datum, and whether it was clicked.
    room.ask_point = function (text, how) {
      var mine = ++turn;
      var datum = how && how.datum;
      open(el("p", { class: "empty", role: "status" }, geoaq.say("loading")), text, datum);
      geoaq.fetch_json("/point.json" + geoaq.query(Object.assign({ at: text }, how || {}))).then(function (found) {
        if (mine !== turn) return;
        open(content(found), text, datum);
        mark(found);
        room.show_place(found.lon, found.lat, null, true);
      }).catch(function (error) {
        if (mine !== turn) return;
        mark(null);
        open(el("p", { class: "error", role: "alert" }, error.message), text, datum);
      });
    };
    room.on("select", function (choice) {
      if (choice.key === null) return;
      turn += 1;
      mark(null);
    });

    function open(body, text, datum) {
      if (room.selected !== null) { room.emit("card", null); room.select(null, "why"); }
      geoaq.append(geoaq.clear(card), [
        el("div", { class: "card-head" }, el("span", {}, el("b", {}, geoaq.say("point_title"))),
          el("button", { type: "button", class: "close", "aria-label": geoaq.say("close"), title: geoaq.say("close"),
            onclick: close }, geoaq.icon("close"))),
        form(text || "", datum || ""), body]);
      card.hidden = false;
      card.scrollTop = 0;
      room.open_sheet("why");
      if (!text) card.querySelector("input").focus();
    }
    // What was asked, its datum too, stays in the form.
    function form(text, stated) {
      var place = el("input", { type: "text", maxlength: "100", required: true, value: text,
        "aria-label": geoaq.say("point_at"), placeholder: "119°31′12″E 31°03′36″N" });
      var datum = el("select", { "aria-label": geoaq.say("point_datum") },
        el("option", { value: "" }, geoaq.say("point_datum_unstated")),
        ["WGS84", "CGCS2000", "GCJ-02", "BD-09"].map(function (name) { return el("option", { value: name }, name); }));
      datum.value = stated;
      return el("form", { class: "point-form", onsubmit: function (event) {
        event.preventDefault();
        room.ask_point(place.value, { datum: datum.value });
      } }, place, datum, el("button", { class: "button small", type: "submit" }, geoaq.say("point_ask")));
    }
    function close() {
      turn += 1;
      card.hidden = true;
      mark(null);
      room.open_sheet(document.getElementById("list") ? "list" : document.getElementById("upload") ? "upload" : "");
      button.focus();
    }
    function mark(at) {
      if (flag) map.removeLayer(flag);
      flag = at && L.marker([at.lat, at.lon], { interactive: false, keyboard: false,
        icon: L.divIcon({ className: "flag", iconSize: [14, 14], html: "" }) }).addTo(map);
    }
  };

  function content(found) {
    var regions = found.regions.items, plants = found.anchors.items, lines = found.lines.items;
    return [
      el("p", { class: "point-place" }, el("b", {}, found.place.text)),
      el("p", { class: "muted" }, found.place.position),
      found.repairs.map(function (words) { return el("p", { class: "muted" }, words); }),
      found.place.others ? el("p", { class: "notice" }, found.place.others) : null,
      regions.length ? el("p", { class: "counts" }, regions.map(function (one) {
        return el("span", { class: "tag " + one.sign, title: one.source }, one.text);
      })) : el("p", { class: "muted" }, found.regions.none),
      found.zones.length ? [el("h2", {}, geoaq.say("point_zones")), el("ul", { class: "point-near" }, found.zones.map(function (one) {
        return el("li", {}, el("span", {}, one.name, el("small", {}, one.source)), el("span", { class: "tag " + one.sign }, one.tag));
      }))] : null,
      el("h2", {}, found.anchors.title),
      plants.length ? el("ul", { class: "point-near" }, plants.map(function (one) {
        return near(one, [one.size, one.state]);
      })) : [el("p", {}, found.anchors.none), el("p", { class: "muted" }, found.anchors.nearest)],
      el("h2", {}, found.lines.title),
      lines.length ? el("ul", { class: "point-near" }, lines.map(function (one) {
        return near(one, [one.bearing, one.second, one.why]);
      })) : el("p", {}, found.lines.none),
      found.rules.length ? found.rules.map(kind) : el("p", {}, found.rules_none),
      el("p", { class: "muted" }, found.as_of + " · " + found.caution),
      el("p", {}, el("a", { href: "/point" + geoaq.query({ at: found.lon + ", " + found.lat, datum: "WGS84" }) },
        geoaq.say("point_page"))),
    ];
  }

  function near(one, more) {
    var unit = " " + geoaq.say("unit_km");
    return el("li", {},
      el("span", {}, one.name, el("small", {}, [one.error].concat(more).filter(Boolean).join(" · "))),
      el("span", { class: "n" }, el("b", {}, one.distance ? one.distance + unit : ""), el("span", { class: "tag " + one.sign }, one.tag)));
  }

  function kind(found) {
    return [el("h2", {}, found.title), el("div", { class: "rules" }, found.items.map(function (one) {
      return el("details", { class: "why-rule" },
        el("summary", {}, el("span", { class: "rule-title" }, el("span", { class: "tag " + one.sign }, one.tag), one.title,
          el("small", { class: "muted" }, one.source))),
        el("div", { class: "rule-body" }, el("blockquote", {}, one.quote,
          el("cite", {}, [one.document, one.strength, one.timing].filter(Boolean).join(" · "))),
          one.why.map(function (words) { return el("p", { class: "muted" }, words); }),
          one.rest ? el("p", { class: "muted" }, one.rest) : null));
    }))];
  }
})();
