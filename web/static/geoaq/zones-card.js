// The card of one zone or permit: its text, its times, every version; and the forms that add a version or end it.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.add_zone_cards = function (room) {
    room.kind_names = {};
    Array.prototype.forEach.call(document.getElementById("zone-form").content.querySelectorAll("[name=kind] option"), function (one) {
      room.kind_names[one.value] = one.textContent;
    });
    geoaq.layers_card(room, document.getElementById("layers"));
    geoaq.zone_list(room, document.getElementById("list"));
    card_of(room, document.getElementById("why"));
    geoaq.card_tabs(room, true);
    room.on("idle", function () {
      var named = /^#([zp][0-9a-f]{8})$/.exec(window.location.hash), first = true;
      room.zones.load();
      room.zones_list();
      room.on("places", function (data) {
        if (!first) return;
        first = false;
        if (named) room.select(named[1], "link");
        else if (data.features.length) show_all(data);
      });
    });
    room.on("select", function (choice) {
      window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search + (choice.key === null ? "" : "#" + choice.key));
    });

    function show_all(data) {
      var box = L.geoJSON(data).getBounds();
      room.fit([box.getWest(), box.getSouth(), box.getEast(), box.getNorth()], 11, true);
    }
  };

  function card_of(room, card) {
    var turn = 0, opener = null, form = null;
    function put(content) {
      if (form) form.drop();
      form = null;
      geoaq.append(geoaq.clear(card), content);
      card.hidden = false;
      card.scrollTop = 0;
      card.removeAttribute("aria-busy");
    }
    function close() {
      turn++;
      put([]);
      card.hidden = true;
      room.select(null, "why");
      room.open_sheet("list");
      if (opener && document.contains(opener)) opener.focus();
    }
    function head(title) { return geoaq.card_head(title, close, { class: "muted id" }); }
    room.on("select", function (choice) {
      if (choice.key === null) {
        if (choice.origin !== "why" && choice.origin !== "form" && !card.hidden) close();
        return;
      }
      if (choice.origin === "kept") return;
      opener = choice.origin === "list" ? document.activeElement : null;
      open(choice.key, choice.origin, null);
    });
    function open(key, origin, notes) {
      var mine = ++turn;
      put([head(geoaq.say("loading")), el("div", { class: "skeleton" })]);
      card.setAttribute("aria-busy", "true");
      room.open_sheet("why");
      geoaq.fetch_json("/fires/zones/" + encodeURIComponent(key) + ".json").then(function (data) {
        if (mine !== turn) return;
        put(content(data, notes));
        if (origin !== "map") room.show_extent(data.bounds, false);
        if (notes) card.querySelector(".notice").focus();
      }).catch(function (error) {
        if (mine !== turn) return;
        put([head(""), el("p", { class: "error", role: "alert" }, error.message)]);
      });
    }
    card.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && !room.tool && !event.defaultPrevented) { close(); event.preventDefault(); }
    });

    // A form in the card: of a new zone (null), or of a new version of what a card showed.
    room.edit_zone = function (data) {
      turn++;
      opener = document.activeElement;
      if (!data && room.selected !== null) room.select(null, "form");
      var title = data ? geoaq.say("zone_new_version_of", { name: data.name || data.key }) : geoaq.say("zone_new");
      var made = geoaq.zone_form(room, data, kept);
      put([head(data ? data.key : ""), el("p", { class: "headline" }, el("strong", {}, title)), made]);
      form = made;
      room.open_sheet("why");
      made.querySelector("select:not([disabled]), button").focus();
    };
    function kept(answer) {
      var notes = [el("p", { class: "notice", role: "status", tabindex: "-1" }, geoaq.say("zone_added", { count: geoaq.number(answer.added.length) })),
        geoaq.zone_problems(answer.problems)];
      changed();
      room.selected = answer.added[0].key;
      room.emit("select", { key: room.selected, origin: "kept" });
      open(answer.added[0].key, "kept", notes);
    }
    function changed() {
      room.zones.load();
      room.emit("kept");
    }

    function content(data, notes) {
      return [
        head(data.key + " · " + geoaq.say("zone_version", { version: data.version })), notes,
        el("p", { class: "headline" }, el("strong", {}, data.name || geoaq.say("zone_unnamed")),
          el("span", { class: "muted" }, [data.kind.text, data.class].filter(Boolean).join(" · "))),
        el("p", { class: "counts" }, geoaq.zone_tag(data.state), data.cited ? null : el("span", { class: "tag warning" }, data.text)),
        data.quote ? el("blockquote", {}, data.quote) : null,
        el("table", { class: "why-facts" }, el("tbody", {}, data.facts.map(function (fact) {
          return el("tr", {}, el("th", { scope: "row" }, fact.label), el("td", {}, fact.text));
        }))),
        el("p", { class: "muted" }, data.caution),
        el("p", { class: "actions" }, el("button", { type: "button", class: "button", onclick: function () { room.edit_zone(data); } }, geoaq.say("zone_change"))),
        data.state.code === "ended" ? null : end(data),
        el("section", {}, el("h2", {}, geoaq.say("zone_versions")), el("ul", { class: "trail" }, data.versions.map(function (one) {
          return el("li", {}, el("p", {}, el("b", {}, geoaq.say("zone_version", { version: one.version })), " ", one.validity),
            one.text ? el("p", {}, one.text) : null, el("p", { class: "muted" }, [one.by, one.recorded].filter(Boolean).join(" · ")),
            one.remark ? el("p", { class: "muted" }, one.remark) : null);
        }))),
      ];
    }
    function end(data) {
      var made = el("form", { class: "review-form zone-end", onsubmit: function (event) {
        event.preventDefault();
        geoaq.send_form(made, "/fires/zones/" + encodeURIComponent(data.key) + "/end").then(function (answer) {
          if (!answer) return;
          changed();
          open(data.key, "map", [el("p", { class: "notice", role: "status", tabindex: "-1" }, geoaq.say("zone_ended"))]);
        });
      } },
      el("label", { class: "field" }, geoaq.say("zone_end_day"), el("input", { type: "date", name: "first", required: true })),
      el("label", { class: "field" }, geoaq.say("zone_by"), el("input", { type: "text", name: "by", maxlength: "60", required: true, autocomplete: "name" })),
      el("label", { class: "field" }, geoaq.say("zone_why"), el("input", { type: "text", name: "remark", maxlength: "1000", required: true })),
      el("p", { class: "deeds" }, el("button", { type: "submit", class: "button danger" }, geoaq.say("zone_end_sure"))));
      return el("details", { class: "more" }, el("summary", {}, geoaq.say("zone_end_title")), made);
    }
  }
})();
