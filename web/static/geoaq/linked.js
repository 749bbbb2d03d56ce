// What lists and cards that belong to a map have in common: the marked row, the focus, the card of what was chosen.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  // Mark the row of a key as "selected" or "hovered", and no other one; null marks none.
  geoaq.mark_row = function (body, rows, name, key) {
    Array.prototype.forEach.call(body.querySelectorAll("tr." + name), function (row) {
      row.classList.remove(name);
      if (name === "selected") row.setAttribute("aria-selected", "false");
    });
    var row = key !== null && rows[key];
    if (!row) return;
    row.classList.add(name);
    if (name === "selected") row.setAttribute("aria-selected", "true");
  };

  // What is drawn anew under the hands of somebody at the keyboard keeps the focus, known by its name or its key.
  geoaq.holding = function (box, draw) {
    var active = document.activeElement, held = box.contains(active) && active !== box ? active : null;
    var named = held && (held.name ? ["name", held.name] : held.dataset.key ? ["data-key", held.dataset.key] : null);
    draw();
    var again = named && Array.prototype.find.call(box.querySelectorAll("[" + named[0] + "]"), function (one) { return one.getAttribute(named[0]) === named[1]; });
    if (again) again.focus({ preventScroll: true });
  };

  geoaq.card_head = function (title, close, attributes) {
    return el("div", { class: "card-head" }, el("span", Object.assign({ class: "muted" }, attributes), title),
      el("button", { type: "button", class: "close", "aria-label": geoaq.say("close"), title: geoaq.say("close"),
        onclick: close }, geoaq.icon("close")));
  };

  // A card that follows what is chosen; gives what closes it. Of parts, fetched(choice) promises the data,
  // content(data, close) makes the card of them, shown(data, choice) moves the map; head names its title.
  geoaq.linked_card = function (room, card, parts) {
    var turn = 0, opener = null;
    function close() {
      turn++;
      card.hidden = true;
      room.emit("card", null);
      room.select(null, "why");
      if (room.open_sheet) room.open_sheet(document.getElementById("list") ? "list" : "");
      if (opener && document.contains(opener)) opener.focus();
    }
    function head(title) { return geoaq.card_head(title, close, parts.head); }
    function put(content) { geoaq.append(geoaq.clear(card), content); }

    room.on("select", function (choice) {
      if (choice.key === null) {
        if (choice.origin !== "why" && !card.hidden) close();
        return;
      }
      var mine = ++turn;
      opener = choice.origin === "list" ? document.activeElement : null;
      put([head(geoaq.say("loading")), el("div", { class: "skeleton" })]);
      card.hidden = false;
      card.setAttribute("aria-busy", "true");
      room.open_sheet("why");
      parts.fetched(choice).then(function (data) {
        if (mine !== turn) return;
        card.removeAttribute("aria-busy");
        put(parts.content(data, close));
        card.scrollTop = 0;
        room.emit("card", data);
        parts.shown(data, choice);
      }).catch(function (error) {
        if (mine !== turn) return;
        card.removeAttribute("aria-busy");
        put([head(""), el("p", { class: "error", role: "alert" }, error.message)]);
      });
    });
    card.addEventListener("keydown", function (event) {
      if (event.key === "Escape") close();
    });
    return close;
  };
})();
