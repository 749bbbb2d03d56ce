// The way from one page of a list to the next.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.pager = function (data, work) {
    if (data.pages < 2) return null;
    function step(code, page, on) {
      return el("button", { type: "button", class: "button small", disabled: !on, onclick: function () { work(page); } },
        geoaq.say(code));
    }
    return el("nav", { class: "pager", "aria-label": geoaq.say("pages") },
      step("page_before", data.page - 1, data.page > 1),
      el("span", { class: "muted" }, geoaq.say("page_of", { page: geoaq.number(data.page), pages: geoaq.number(data.pages) })),
      step("page_after", data.page + 1, data.page < data.pages));
  };
})();
