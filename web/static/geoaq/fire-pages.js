// The way between the pages of fires.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var PAGES = [["fires", "/fires"], ["fires_static", "/fires/static"], ["fires_zones", "/fires/zones"]];

  // Links to the other pages; the view is the page that is open.
  geoaq.fire_pages = function () {
    return el("nav", { class: "fire-pages", "aria-label": geoaq.say("fire_pages") }, PAGES.filter(function (page) { return page[0] !== geoaq.view; })
      .map(function (page) { return el("a", { href: page[1] }, geoaq.say("page_" + page[0])); }));
  };
})();
