// The card of one fire pixel: what it is taken for and why, where its centre lies, what it covers, its event.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.fire_card = function (room, card) {
    geoaq.linked_card(room, card, {
      fetched: function (choice) { return geoaq.fetch_json("/fires/pixels/" + encodeURIComponent(choice.key) + ".json"); },
      content: function (data, close) { return content(room, data, close); },
      shown: function (data, choice) {
        if (choice.origin !== "restored") room.show_place(data.lon, data.lat, null, choice.origin === "map");
      },
    });
  };

  function content(room, data, close) {
    var line = geoaq.legend_lines(room.layer("fire_pixels").spec, "class")[data.class.code];
    return [
      geoaq.card_head(data.title, close),
      el("p", { class: "headline" }, el("strong", {}, data.time), el("span", { class: "muted" }, geoaq.say("fire_beijing"))),
      el("p", { class: "counts" }, el("span", { class: "tag fire-class" }, line ? geoaq.style_swatch(line.style, "point") : null, data.class.text),
        data.tags.map(function (words) { return el("span", { class: "tag review" }, words); })),
      data.reasons.length ? el("p", { class: "flips" }, data.reasons.join(geoaq.say("list_gap"))) : null,
      data.event ? event(data.event) : null,
      geoaq.fire_positions(data.positions),
      el("p", { class: "muted" }, data.note),
      el("table", { class: "why-facts" }, el("tbody", {}, data.facts.map(function (fact) {
        return el("tr", {}, el("th", { scope: "row" }, fact.label), el("td", {}, fact.text));
      }))),
      el("p", { class: "muted" }, data.caution),
    ];
  }

  // The event stands before all that takes long to read: from a pixel its card is one step away.
  function event(one) {
    return el("section", { class: "fire-event" }, el("div", {}, el("h2", {}, geoaq.say("fire_event")),
      el("p", {}, geoaq.say("fire_event_words", { first: one.first, last: one.last, count: geoaq.number(one.pixels) })),
      el("p", { class: "muted" }, one.verdict)),
    el("a", { class: "button primary", href: one.href }, geoaq.say("fire_event_open")));
  }

  // Each with the name of its datum; the copy goes to the clipboard where the browser gives it to this page.
  geoaq.fire_positions = function (positions) {
    return el("ul", { class: "fire-positions" }, positions.map(function (one) {
      var copied = el("span", { class: "off", role: "status" });
      return el("li", {}, el("b", {}, one.label), el("span", { class: "id" }, one.text, one.note ? el("small", {}, one.note) : null),
        window.isSecureContext && navigator.clipboard ? el("button", { type: "button", class: "button small", "aria-label": geoaq.say("fire_copy") + " " + one.label,
          onclick: function (event) {
            var button = event.currentTarget;
            navigator.clipboard.writeText(one.text).then(function () {
              button.textContent = copied.textContent = geoaq.say("fire_copied");
            }, function () { copied.textContent = geoaq.say("fire_not_copied"); });
          } }, geoaq.say("fire_copy")) : null, copied);
    }));
  };
})();
