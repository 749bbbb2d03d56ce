// The card of a project: both limbs apart, whom to consult, what to ask for, and who else is near.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.project_blocks = function (room, project) {
    return [
      project.across ? el("p", { class: "notice" }, geoaq.say("site_across")) : null,
      project.limbs.map(limb),
      project.consultees.length ? [el("h2", {}, geoaq.say("consultees"), el("span", {}, geoaq.say("consultees_note"))),
        el("ul", { class: "consultees" }, project.consultees.map(function (one) { return consultee(room, one); }))] : null,
      asked(project.asked),
      near(room, project.near),
      project.wind ? wind(project.wind) : null,
    ];
  };

  // One limb: its verdict, and the sentences that state it; the first lies open.
  function limb(one) {
    var parts = geoaq.why_parts, first = one.rules[0];
    return el("section", { class: "limb", "aria-label": one.title },
      el("h3", {}, el("b", {}, geoaq.say("limb_" + one.id)), parts.tag({ sign: one.sign, text: one.tag })),
      el("p", { class: "muted" }, one.title),
      first ? [
        el("blockquote", {}, first.quote,
          el("cite", {}, [first.document + first.article, first.timing].filter(Boolean).join(" · "))),
        parts.conditions(first.conditions),
        parts.flips(first.flips),
        first.contested.map(function (words) { return el("p", { class: "contested" }, words); }),
      ] : null,
      one.rules.slice(1).map(parts.rule));
  }

  function consultee(room, one) {
    var far = one.distance ? el("b", {}, one.distance + " " + geoaq.say("unit_km")) : null;
    var foot = one.foot ? el("button", { type: "button", class: "link", onclick: function () {
      room.show_place(one.foot.lon, one.foot.lat, null, true);
    } }, geoaq.say("foot", { place: one.foot.text })) : null;
    return el("li", { class: one.kind }, el("span", { class: "who" }, one.name, " ", geoaq.why_parts.tag({ sign: one.sign, text: one.tag })),
      el("span", { class: "far" }, far, one.error ? el("small", {}, " " + one.error) : null),
      el("small", { class: "more-of" }, join([one.bearing, foot, one.second, one.why,
        one.follow_up ? el("b", { class: one.follow_up.overdue ? "overdue" : "" }, one.follow_up.text) : null])));
  }

  function join(parts) {
    var said = [];
    parts.filter(Boolean).forEach(function (part, i) { if (i) said.push(" · "); said.push(part); });
    return said;
  }

  function asked(all) {
    return ["applicant", "office"].filter(function (whom) { return all[whom].length; }).map(function (whom) {
      return [el("h2", {}, geoaq.say("asked_" + whom)),
        el("ul", { class: "brakes" }, all[whom].map(function (words) { return el("li", {}, words); }))];
    });
  }

  function near(room, all) {
    if (!all.count) return null;
    return [el("h2", {}, geoaq.say("near"), el("span", {}, geoaq.say("near_count", { count: geoaq.number(all.count) }))),
      el("ul", { class: "near" }, all.projects.map(function (one) {
        return el("li", {}, one.key ? el("button", { type: "button", class: "link",
          onclick: function () { room.select(one.key, "near"); } }, one.name) : el("span", {}, one.name),
        el("small", {}, one.text));
      }))];
  }

  // The wind is context: it decides nothing, and the card says so.
  function wind(all) {
    return [el("h2", {}, geoaq.say("wind"), el("span", {}, geoaq.say("wind_note"))),
      el("div", { class: "rose" }, geoaq.rose(all.petals, all.text), el("p", { class: "muted" }, all.text)),
      el("ul", { class: "near" }, all.provinces.map(function (one) {
        return el("li", {}, el("span", {}, one.name), el("small", {}, one.text));
      }))];
  }
})();
