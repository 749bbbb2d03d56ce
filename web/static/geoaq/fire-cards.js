// The cards of the fire map and how they share the page; how old the data are, and when that was last looked at.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  geoaq.add_fire_cards = function (room) {
    geoaq.layers_card(room, document.getElementById("layers"));
    geoaq.add_fire_time(room);
    geoaq.fire_card(room, document.getElementById("why"));
    geoaq.fire_list(room, document.getElementById("list"));
    geoaq.card_tabs(room, true);
    geoaq.add_fire_here(room);
    status(room);
  };

  // One line that opens into a table: of each source the newest detection with its age.
  function status(room) {
    var words = el("span", {}), body = el("div", { class: "fire-state-body" });
    var box = el("details", { class: "fire-state" }, el("summary", { title: geoaq.say("fire_state_title") }, words), body);
    var mark = document.getElementById("fire-demo"), feed_words = "";
    room.map.getContainer().parentNode.appendChild(box);
    document.addEventListener("click", function (event) { if (!box.contains(event.target)) box.open = false; });
    box.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !box.open) return;
      box.open = false;
      box.firstChild.focus();
      event.stopPropagation();
    });
    function draw() {
      var state = room.fires.state, error = room.fires.error;
      if (!state) {
        geoaq.append(geoaq.clear(words), error ? geoaq.say("fire_lost") : geoaq.say("loading"));
        return;
      }
      var at = clock(room.fires.checked), late = !state.live;
      if (mark) mark.hidden = !state.demonstration;
      box.classList.toggle("late", late || Boolean(error));
      geoaq.append(geoaq.clear(words), error ? geoaq.say("fire_lost") : late && state.pixels ? geoaq.say("fire_not_live", { at: at }) : geoaq.say("fire_checked", { at: at }));
      geoaq.append(geoaq.clear(body), [
        state.newest.length ? el("table", { class: "why-facts" }, el("tbody", {}, state.newest.slice(0, 12).map(function (one) {
          return el("tr", {}, el("th", { scope: "row" }, one.text), el("td", {}, geoaq.beijing(one.at).replace("T", " "),
            " ", el("small", {}, geoaq.age_words(state.now - one.at))));
        }))) : el("p", {}, geoaq.say("fire_none_yet")),
        el("p", { class: "muted" }, geoaq.say("fire_newest_note")),
        state.received ? el("p", { class: "muted" }, geoaq.say("fire_received", { at: geoaq.beijing(state.received).replace("T", " ") })) : null,
        el("p", { class: "muted" }, geoaq.say("fire_changed", { at: clock(room.fires.changed) })),
        feed_words ? el("p", { class: "muted" }, feed_words) : null,
        error ? el("p", { class: "error", role: "alert" }, error) : null,
        el("p", {}, el("button", { type: "button", class: "button small", onclick: room.fires.retry }, geoaq.say("fire_check_now"))),
      ]);
    }
    // How fetching goes is asked when somebody looks.
    box.addEventListener("toggle", function () {
      if (!box.open) return;
      geoaq.fetch_json("/fires/feed").then(function (feed) {
        feed_words = feed.text + (feed.demonstration ? " " + feed.demonstration.acknowledgement : "");
        draw();
      }).catch(function () { feed_words = ""; });
    });
    ["fire_state", "fires_failed"].forEach(function (name) { room.on(name, draw); });
    draw();
  }

  // A moment of this device's clock as Beijing time, to the second.
  function clock(ms) {
    return new Date(ms + 8 * 3600000).toISOString().slice(11, 19);
  }
})();
