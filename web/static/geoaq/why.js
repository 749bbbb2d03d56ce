// The why card of one subject: the deciding number, the sentence, every rule that was asked, what would flip it.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.why_card = function (room, card) {
    geoaq.linked_card(room, card, {
      fetched: function (choice) {
        return room.source.card(choice.key).then(function (data) {
          data.anchor = placed_anchor(room, data.anchor);
          return data;
        });
      },
      content: function (data, close) { return content(room, data, close); },
      shown: function (data, choice) {
        if (choice.origin === "restored") return; // the view came with the link
        var extent = data.project && data.project.extent;
        if (extent) room.show_extent(extent, choice.origin === "map");
        else if (data.lon !== null) room.show_place(data.lon, data.lat, data.anchor, choice.origin === "map");
      },
    });
  };

  // The plant with its place: as the card says it, else as the plant layer does, else none.
  function placed_anchor(room, anchor) {
    if (!anchor || (anchor.lon !== null && anchor.lat !== null)) return anchor;
    var found = null;
    ["chp_anchors", "coal_power_plants"].forEach(function (id) {
      var layer = room.layer(id);
      ((layer && layer.sheet && layer.sheet.plants) || []).forEach(function (plant) {
        if (!found && plant.id === anchor.id) found = Object.assign({}, anchor, { lon: plant.lon, lat: plant.lat });
      });
    });
    return found;
  }

  function content(room, data, close) {
    var title = data.title + (data.synthetic ? geoaq.say("synthetic") : "");
    return [
      geoaq.card_head(title, close, { title: data.subject_id || null }),
      data.headline ? el("p", { class: "headline" }, el("strong", {}, data.headline.value + " " + data.headline.unit),
        el("span", { class: "muted" }, data.headline.detail)) : null,
      el("p", { class: "counts" }, data.tags.map(tag)),
      data.project ? geoaq.project_blocks(room, data.project) : null,
      data.quote && !data.project ? el("blockquote", {}, data.quote.text,
        el("cite", {}, [data.quote.source, data.quote.timing].filter(Boolean).join(" · "))) : null,
      data.project ? null : flips(data.flips),
      data.facts.length ? el("table", { class: "why-facts" }, el("tbody", {}, data.facts.map(function (fact) {
        return el("tr", {}, el("th", { scope: "row" }, fact.label), el("td", {}, fact.text));
      }))) : null,
      data.rules.length ? [el("h2", {}, geoaq.say("rules"), el("span", {}, geoaq.say("rules_count", {
        fits: data.rules.filter(fits).length, all: data.rules.length }))),
        el("div", { class: "rules" }, data.rules.map(rule))] : null,
      data.brakes.length ? [el("h2", {}, geoaq.say("brakes")), el("ul", { class: "brakes" },
        data.brakes.map(function (brake) {
          return el("li", {}, brake.text, el("cite", {}, brake.source));
        }))] : null,
      data.issues.length ? [el("h2", {}, geoaq.say("row_issues")), el("ul", { class: "brakes" },
        data.issues.map(function (words) { return el("li", {}, words); }))] : null,
      data.links.length ? el("p", { class: "actions" }, data.links.map(function (link) {
        return el("a", { class: "button", href: link.href }, link.text);
      })) : null,
    ];
  }

  geoaq.why_parts = { tag: tag, rule: rule, conditions: conditions, flips: flips };

  function tag(one) {
    return el("span", { class: "tag " + one.sign }, one.text);
  }

  function fits(one) {
    return one.sign === "applies" || one.sign === "encouraged";
  }

  function flips(all) {
    if (!all || !all.length) return null;
    return el("p", { class: "flips" }, el("b", {}, geoaq.say("flips")), all.join(geoaq.say("list_gap")));
  }

  // One rule: verdict, title and timing; opened, its sentence and condition after condition.
  function rule(one) {
    var action = one.action ? el("a", { class: "link", href: one.action.href }, one.action.text) : null;
    return el("details", { class: "why-rule" },
      el("summary", { class: action ? "acts" : "" },
        el("span", { class: "rule-title" }, one.title,
          el("small", {}, tag({ sign: one.sign, text: one.tag }),
            [one.source, one.timing].filter(Boolean).join(" · "))), action),
      el("div", { class: "rule-body" },
        one.quote ? el("blockquote", {}, one.quote,
          el("cite", {}, [one.document, one.article, one.strength].filter(Boolean).join(" · "))) : null,
        one.conditions.length ? conditions(one.conditions) : null,
        flips(one.flips),
        (one.contested || []).map(function (words) { return el("p", { class: "contested" }, words); }),
        one.responsible ? el("p", { class: "muted" }, geoaq.say("responsible", { names: one.responsible })) : null));
  }

  // Each condition with its mark; under it what was measured, where something was.
  function conditions(all) {
    var marks = { "true": "yes", "false": "no", unknown: "open" };
    return el("ul", { class: "conditions" }, all.map(function (one) {
      var numbers = [["measured_value", one.measured], ["limit", one.limit], ["margin", one.margin]]
        .filter(function (pair) { return pair[1]; })
        .map(function (pair) { return geoaq.say(pair[0]) + " " + pair[1]; });
      return el("li", { class: marks[one.truth] },
        el("span", { class: "mark", role: "img", title: geoaq.say("truth_" + one.truth),
          "aria-label": geoaq.say("truth_" + one.truth) }),
        one.text, numbers.length ? el("small", {}, numbers.join(" · ")) : null);
    }));
  }
})();
