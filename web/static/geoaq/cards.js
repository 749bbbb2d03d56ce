// The cards and how they share the page; on a phone one of them at a time comes up from below.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.add_cards = function (room) {
    geoaq.layers_card(room, document.getElementById("layers"));
    geoaq.why_card(room, document.getElementById("why"));
    var list = document.getElementById("list");
    if (list) geoaq.list_card(room, list);
    tabs(room, Boolean(list));
  };
  geoaq.card_tabs = tabs;

  // The bar at the foot of a phone's screen.
  function tabs(room, has_list) {
    var names = ["layers"].concat(has_list ? ["list"] : document.getElementById("upload") ? ["upload"] : [], ["why"]);
    var bar = el("nav", { class: "tabs", "aria-label": geoaq.say("cards") });
    var buttons = {};
    names.forEach(function (name) {
      buttons[name] = el("button", { type: "button", "aria-pressed": "false", onclick: function () {
        open(document.body.getAttribute("data-sheet") === name ? "" : name);
      } }, geoaq.icon(name === "upload" ? "up" : name), el("span", {}, geoaq.say("tab_" + name)));
      bar.appendChild(buttons[name]);
    });
    function open(name) {
      document.body.setAttribute("data-sheet", name);
      names.forEach(function (other) {
        buttons[other].setAttribute("aria-pressed", other === name ? "true" : "false");
      });
      buttons.why.disabled = document.getElementById("why").hidden;
    }
    room.open_sheet = open;
    document.body.appendChild(bar);
    open(has_list ? "list" : names.indexOf("upload") >= 0 ? "upload" : "");
  }
})();
