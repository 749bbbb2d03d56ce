// What is wrong with the list itself: row, field, value, what would be right.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.issues_table = function (room, body, page, turn_page) {
    return room.source.issues(page).then(function (data) {
      geoaq.clear(body);
      if (!data.total) {
        geoaq.append(body, el("p", { class: "empty" }, geoaq.say("issues_none")));
        return;
      }
      geoaq.append(body, [
        el("p", { class: "issues-head" }, el("b", {}, geoaq.say("issues_count", { count: geoaq.number(data.rows_to_check) })),
          data.repairs ? el("small", {}, " · ", geoaq.say("repaired", { count: geoaq.number(data.repairs) })) : null),
        el("ul", { class: "issue-counts" }, data.counts.map(function (one) {
          return el("li", { class: "sev-" + one.severity }, el("b", {}, geoaq.number(one.count)), el("span", {}, one.text));
        }), data.download ? el("li", {}, el("b", {}), el("a", { href: data.download, download: true },
          geoaq.say("issues_download"))) : null),
        el("table", { class: "grid" },
          el("thead", {}, el("tr", {}, ["row", "field", "value", "issue"].map(function (code) {
            return el("th", { scope: "col" }, geoaq.say("column_" + code));
          }))),
          el("tbody", {}, data.rows.map(function (one) {
            return el("tr", { class: "sev-" + one.severity }, el("td", { class: "n" }, one.row || "—"), el("td", {}, one.field),
              el("td", { class: "id" }, one.value), el("td", {}, one.text));
          }))),
        geoaq.pager(data, turn_page)]);
    });
  };
})();
