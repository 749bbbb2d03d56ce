// The card of one static source: what the register says, its detections, what was decided, and the form for a decision.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var DECISIONS = ["confirmed", "rejected", "open"], CLOSEST = 12, HEAD = { class: "muted id" };

  geoaq.add_static_cards = function (room) {
    geoaq.layers_card(room, document.getElementById("layers"));
    geoaq.static_list(room, document.getElementById("list"));
    card_of(room, document.getElementById("why"));
    geoaq.card_tabs(room, true);
    room.on("idle", function () {
      var named = /^#(static-[0-9a-z-]{1,50})$/.exec(window.location.hash), first = true;
      room.sources.load();
      room.static_load();
      room.on("places", function (data) {
        if (!first) return;
        first = false;
        if (named) room.select(named[1], "link");
        else if (data.key.length) room.fit(extent(data), 9, true);
      });
    });
    room.on("select", function (choice) {
      window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search + (choice.key === null ? "" : "#" + choice.key));
    });
  };

  function extent(data) {
    return [Math.min.apply(null, data.lon), Math.min.apply(null, data.lat), Math.max.apply(null, data.lon), Math.max.apply(null, data.lat)];
  }

  function card_of(room, card) {
    var close = geoaq.linked_card(room, card, {
      head: HEAD,
      fetched: function (choice) {
        return geoaq.fetch_json("/fires/static/" + encodeURIComponent(choice.key) + ".json" + geoaq.query({ month: room.sources.filter.month }));
      },
      content: content,
      shown: function (data, choice) {
        room.show_place(data.lon, data.lat, null, choice.origin === "map");
        if (room.map.getZoom() < CLOSEST && choice.origin !== "map") {
          room.map.setView([data.lat, data.lon], CLOSEST, { animate: false });
          room.show_place(data.lon, data.lat, null, true);
        }
      },
    });

    function content(data) {
      return [
        geoaq.card_head(data.key, close, HEAD),
        el("p", { class: "headline" }, el("strong", {}, data.place), el("span", { class: "muted" }, data.place_whole)),
        el("p", { class: "counts" }, geoaq.static_tag(data.decision)),
        el("table", { class: "why-facts" }, el("tbody", {}, data.facts.map(function (fact) {
          return el("tr", {}, el("th", { scope: "row" }, fact.label), el("td", {}, fact.text));
        }))),
        form(data), history(data), evidence(data), el("p", { class: "muted" }, data.caution),
      ];
    }

    function form(data) {
      var made = el("form", { class: "review-form", onsubmit: function (event) {
        event.preventDefault();
        geoaq.send_form(made, "/fires/static/" + encodeURIComponent(data.key) + "/reviews" + geoaq.query({ month: data.month })).then(function (answer) {
          if (!answer) return;
          room.emit("reviewed", answer);
          room.sources.load();
          if (room.selected !== answer.key) return;
          geoaq.append(geoaq.clear(card), content(answer));
          card.scrollTop = 0;
          var told = el("p", { class: "notice", role: "status", tabindex: "-1" }, geoaq.say("static_noted"));
          card.insertBefore(told, card.children[1]);
          told.focus();
        });
      } },
      el("h2", {}, geoaq.say("static_review")),
      el("fieldset", { class: "field choices" }, el("legend", { class: "off" }, geoaq.say("static_decision")), DECISIONS.map(function (code) {
        return el("label", { class: "check" }, el("input", { type: "radio", name: "decision", value: code, required: true }), geoaq.say("static_choose_" + code));
      })),
      el("label", { class: "field" }, geoaq.say("static_by"), el("input", { type: "text", name: "by", maxlength: "60", required: true, autocomplete: "name" })),
      el("label", { class: "field" }, geoaq.say("static_remark"), el("textarea", { name: "remark", rows: "2", maxlength: "1000" })),
      el("p", { class: "muted" }, geoaq.say("static_effect")),
      el("p", { class: "deeds" }, el("button", { type: "submit", class: "button primary" }, geoaq.say("static_save"))));
      return made;
    }

    function history(data) {
      return el("section", {}, el("h2", {}, geoaq.say("static_history")), data.history.length ? el("ul", { class: "trail" }, data.history.map(function (one) {
        return el("li", {}, el("p", {}, geoaq.static_tag(one.decision), " ", el("span", {}, one.by), " ", el("small", {}, one.at)),
          one.remark ? el("p", { class: "muted" }, one.remark) : null);
      })) : el("p", { class: "muted" }, geoaq.say("static_no_history")));
    }

    // Its detections, the newest first; older ones are fetched when asked for.
    function evidence(data) {
      var body = el("tbody", {}), more = el("p", { class: "deeds" }), said = el("p", { class: "muted", role: "status" }, geoaq.say("loading"));
      var box = el("section", { class: "evidence" }, el("h2", {}, geoaq.say("static_hits")), el("p", { class: "muted" }, geoaq.say("static_hits_note")),
        el("table", { class: "grid hits" }, el("thead", {}, el("tr", {}, ["time", "satellite", "frp", "apart"].map(function (name, i) {
          return el("th", { scope: "col", class: i > 1 ? "n" : null }, geoaq.say("static_hit_" + name));
        }))), body), said, more);
      function load(before) {
        said.hidden = false;
        said.textContent = geoaq.say("loading");
        geoaq.clear(more);
        geoaq.fetch_json("/fires/static/" + encodeURIComponent(data.key) + "/hits.json" + geoaq.query({ month: data.month, before: before })).then(function (found) {
          geoaq.append(body, found.rows.map(function (one) {
            return el("tr", {}, el("td", {}, one.time, one.night ? el("small", {}, " ", geoaq.say("static_night")) : null), el("td", {}, one.satellite),
              el("td", { class: "n" }, one.frp || "–"), el("td", { class: "n" }, one.apart));
          }));
          said.hidden = body.children.length > 0;
          said.textContent = geoaq.say("static_no_hits");
          if (found.before !== null) {
            more.appendChild(el("button", { type: "button", class: "button small", onclick: function () { load(found.before); } }, geoaq.say("static_older")));
          }
        }).catch(function (error) { said.textContent = error.message; });
      }
      load(null);
      return box;
    }
  }
})();
