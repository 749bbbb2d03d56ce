// The form of a zone or a permit: its outline drawn on the map or brought as a file, its text, its times.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;
  var LINE = { color: "#1f5fa8", weight: 1.8, fillColor: "#1f5fa8", fillOpacity: 0.14 }, MOST_CORNERS = 500;

  // A new form: of a new zone, or (`data`, its card) of a new version. work(answer) is told when it was kept.
  geoaq.zone_form = function (room, data, work) {
    var form = document.importNode(document.getElementById("zone-form").content, true).querySelector("form");
    var kind = form.querySelector("[name=kind]"), bare = form.querySelector("[name=bare]"), told = el("div", { class: "zone-problems" });
    var outline = drawing(room, form, data);
    form.appendChild(told);
    if (data) {
      form.querySelector("[name=zone]").value = data.key;
      form.querySelector("[data-new]").hidden = true;
      Object.keys(data.form).forEach(function (name) { fill(name, data.form[name]); });
      bare.checked = data.kind.code !== "permit" && !data.cited;
    }
    function fill(name, value) {
      Array.prototype.forEach.call(form.querySelectorAll('[name="' + name + '"]'), function (field) {
        if (field.tagName !== "SELECT" || Array.prototype.some.call(field.options, function (one) { return one.value === value; })) field.value = value;
      });
    }
    // What does not belong to the kind is not seen and not sent.
    function suit() {
      Array.prototype.forEach.call(form.querySelectorAll("[data-for]"), function (one) {
        var wanted = one.getAttribute("data-for"), on = !wanted || wanted.split(" ").indexOf(kind.value) >= 0;
        one.hidden = !on;
        Array.prototype.forEach.call(one.querySelectorAll("input, select, textarea"), function (field) { field.disabled = !on; });
      });
      var text = form.querySelector(".zone-text"), off = bare.checked && kind.value !== "permit";
      text.hidden = off;
    }
    kind.addEventListener("change", suit);
    bare.addEventListener("change", suit);
    suit();
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      geoaq.clear(told);
      outline.stop();
      geoaq.send_form(form, form.getAttribute("action"), function (answer) { geoaq.append(told, geoaq.zone_problems(answer.problems)); }).then(function (answer) {
        if (!answer) return;
        outline.remove();
        work(answer);
      });
    });
    form.drop = function () { outline.stop(); outline.remove(); };
    return form;
  };

  // What the check said, shape by shape.
  geoaq.zone_problems = function (problems) {
    if (!problems || !problems.length) return null;
    return el("section", {}, el("h2", {}, geoaq.say("zone_problems", { count: geoaq.number(problems.length) })), el("ul", { class: "trail" },
      problems.map(function (one) {
        return el("li", {}, el("p", {}, el("span", { class: "tag " + (one.severity === "error" ? "error" : "warning") }, one.where), " ", one.field),
          el("p", {}, one.text));
      })));
  };

  function drawing(room, form, data) {
    var map = room.map, handler = null, shown = null, field = form.querySelector("[name=shape]"), file = form.querySelector("[name=file]");
    var said = el("span", { class: "muted", role: "status" }), tool = { stop: stop };
    var button = el("button", { type: "button", class: "button small", "aria-pressed": "false", onclick: function () { if (handler) stop(); else start(); } }, geoaq.say("zone_draw"));
    var clear = el("button", { type: "button", class: "button small", hidden: true, onclick: remove }, geoaq.say("zone_clear"));
    geoaq.append(form.querySelector(".zone-draw"), [button, clear, said]);
    if (data) said.textContent = geoaq.say("zone_keep_outline");

    function start() {
      room.take_tool(tool);
      room.open_sheet("");
      handler = geoaq.draw_polygon(room, LINE);
      button.setAttribute("aria-pressed", "true");
      said.textContent = geoaq.say("zone_draw_hint");
    }
    function stop() {
      if (handler) handler.disable();
      handler = null;
      button.setAttribute("aria-pressed", "false");
      if (room.tool === tool) room.take_tool(null);
    }
    function remove() {
      if (shown) map.removeLayer(shown);
      shown = null;
      field.value = "";
      clear.hidden = true;
      said.textContent = data ? geoaq.say("zone_keep_outline") : "";
    }
    function created(event) {
      if (room.tool !== tool) return;
      var corners = event.layer.getLatLngs()[0].slice(0, MOST_CORNERS);
      remove();
      file.value = "";
      field.value = corners.map(function (at) { return at.lng.toFixed(6) + "," + at.lat.toFixed(6); }).join(";");
      shown = L.polygon(corners, Object.assign({ interactive: false }, LINE)).addTo(map);
      clear.hidden = false;
      said.textContent = geoaq.say("zone_drawn", { corners: corners.length });
      room.open_sheet("why");
      clear.focus();
    }
    function stopped() { if (room.tool === tool) window.setTimeout(stop, 0); }
    map.on(L.Draw.Event.CREATED, created);
    map.on(L.Draw.Event.DRAWSTOP, stopped);
    file.addEventListener("change", function () { if (file.files.length) remove(); });
    return { stop: stop, remove: function () {
      remove();
      map.off(L.Draw.Event.CREATED, created);
      map.off(L.Draw.Event.DRAWSTOP, stopped);
    } };
  }
})();
