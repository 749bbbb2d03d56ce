// The dialog of the layers that the office gives: add a file, see what was found in it, change, remove, undo.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el, say = geoaq.say;
  var OTHER = "other", URL = "/office-layers";
  var SPATIAL = ".gpkg,.zip,.shp,.shx,.dbf,.prj,.cpg,.geojson,.json,.kml", TABLES = ".xlsx,.xls,.csv";

  geoaq.add_layer_dialog = function (room) {
    var state = null, back = null, sending = null;
    var choice = el("select", { id: "office-layer", name: "layer", onchange: function () { draw(); } });
    var hint = el("p", { class: "muted", id: "office-hint" });
    var title = el("input", { type: "text", name: "title", id: "office-title", autocomplete: "off" });
    var colours = el("fieldset", { class: "field colours" }, el("legend", {}, say("office_colour")));
    var own = el("div", { class: "own" }, el("label", { class: "field" }, say("office_name"), " ", title), colours);
    var file = el("input", { type: "file", name: "file", multiple: true, "aria-describedby": "office-hint" });
    var submit = el("button", { type: "submit", class: "button primary" }, say("office_add"));
    var progress = el("div", { class: "progress", hidden: true }, el("p", { class: "step", role: "status" }), el("progress", {}));
    var failed = el("p", { class: "error", role: "alert", hidden: true, id: "office-error" });
    var told = el("p", { class: "told", role: "status" });
    var files = el("div", { class: "office-files" });
    var form = el("form", { onsubmit: send }, el("label", { class: "field" }, say("office_layer"), " ", choice), hint, own,
      el("label", { class: "field" }, say("office_file"), " ", file), progress, failed, el("div", { class: "row" }, submit));
    var close = el("button", { type: "button", class: "close", "aria-label": say("close"), title: say("close"),
      onclick: function () { dialog.close(); } }, geoaq.icon("close"));
    var dialog = el("dialog", { id: "office-dialog", class: "card", "aria-labelledby": "office-heading" },
      el("div", { class: "card-head" }, el("span", {}, el("h2", { id: "office-heading" }, say("office_title"))), close), form, told, files);
    document.body.appendChild(dialog);
    dialog.addEventListener("close", function () {
      if (sending) sending.abort();
      if (back && document.body.contains(back)) back.focus();
      else if (document.querySelector(".office-open")) document.querySelector(".office-open").focus();
    });
    place_button(room);

    // Opened from a row of the tree (its layer) or from the button under it.
    room.add_layer = function (id) {
      back = document.activeElement;
      forget();
      told.textContent = "";
      form.reset();
      geoaq.fetch_json(URL).then(function (answer) {
        take(answer, id || OTHER);
        if (!dialog.open) dialog.showModal();
        (id ? file : choice).focus();
      }).catch(function (error) { room.emit("say", error.message); });
    };

    function take(answer, id) {
      state = answer;
      var options = answer.layers.map(function (layer) {
        return el("option", { value: layer.id }, layer.title + (layer.versions.length ? " · " + say("office_count", { count: layer.versions.length }) : ""));
      });
      geoaq.append(geoaq.clear(choice), options.concat(el("option", { value: OTHER }, say("office_new"))));
      choice.value = layer_of(id) ? id : OTHER;
      geoaq.append(geoaq.clear(colours), [el("legend", {}, say("office_colour"))].concat(answer.palette.map(function (colour, i) {
        var radio = el("input", { type: "radio", name: "colour", value: colour,
          "aria-label": say("office_colour_n", { n: i + 1, all: answer.palette.length }) });
        radio.checked = i === 0;
        return el("label", { class: "colour" }, radio, swatch(colour));
      })));
      title.maxLength = answer.title_max;
      draw();
    }

    function swatch(colour) {
      return geoaq.style_swatch({ stroke: colour, stroke_px: 1.4, dash_px: [], fill: colour, fill_opacity: 0.5, shape: "none", hatch: false }, "polygon");
    }

    function layer_of(id) {
      return state.layers.filter(function (layer) { return layer.id === id; })[0] || null;
    }

    function draw() {
      var layer = layer_of(choice.value);
      forget();
      own.hidden = Boolean(layer);
      title.required = !layer;
      hint.textContent = layer ? layer.add : say("office_new_hint");
      file.accept = layer && layer.table ? TABLES : SPATIAL;
      geoaq.clear(files);
      if (!layer || !(layer.versions.length + layer.removed.length)) return;
      geoaq.append(files, [el("h3", {}, say("office_files")),
        el("ul", {}, layer.versions.map(function (one) { return row(layer, one); }),
          layer.removed.map(function (one) { return gone(layer, one); }))]);
    }

    function row(layer, one) {
      var warned = one.report.filter(function (line) { return line.mark === "warning"; }).length;
      return el("li", {}, el("div", { class: "name" }, el("b", {}, one.name), " ",
        one.in_use ? el("span", { class: "tag repair" }, say("office_in_use")) : null),
      el("small", {}, one.day + " · " + say("office_features", { count: geoaq.number(one.features) })),
      el("span", { class: "deeds" },
        one.in_use ? null : deed(say("office_use"), layer, one, "use"), deed(say("office_remove"), layer, one, "remove")),
      el("details", { open: warned > 0 && one.in_use }, el("summary", {}, say("office_report")),
        el("ul", {}, one.report.map(function (line) { return el("li", { class: line.mark }, line.text); }))));
    }

    function gone(layer, one) {
      return el("li", { class: "removed" }, el("div", { class: "name" }, say("office_removed", { name: one.name })),
        el("span", { class: "deeds" }, deed(say("office_undo"), layer, one, "restore")));
    }

    function deed(words, layer, one, what) {
      var button = el("button", { type: "button", class: "button small", "aria-label": words + " " + one.name, onclick: function () {
        button.disabled = true;
        geoaq.fetch_json(URL + "/" + layer.id + "/" + one.sha256 + "/" + what,
          { method: "POST", headers: { "X-CSRFToken": geoaq.csrf() } }).then(function (answer) {
          renew(answer, layer.id, say("office_done_" + what, { name: one.name }));
          var undo = files.querySelector(what === "remove" ? ".removed button" : ".deeds button");
          (undo || choice).focus();
        }).catch(function (error) {
          button.disabled = false;
          fail(error.message, null);
        });
      } }, words);
      return button;
    }

    function renew(answer, id, words) {
      room.sync_office_layers(answer.map);
      take(answer, id);
      told.textContent = words;
    }

    function forget() {
      failed.hidden = true;
      [file, title].forEach(function (field) {
        field.removeAttribute("aria-invalid");
        field.removeAttribute("aria-errormessage");
      });
    }

    function fail(words, name) {
      var field = name === "title" ? title : name === "file" ? file : null;
      failed.textContent = words;
      failed.hidden = false;
      if (field) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-errormessage", "office-error");
        field.closest("label").insertAdjacentElement("afterend", failed);
        field.focus();
      }
      failed.scrollIntoView({ block: "nearest" });
    }

    function step(words, done, total) {
      var bar = progress.querySelector("progress");
      progress.hidden = !words;
      progress.querySelector(".step").textContent = words;
      if (total) { bar.max = total; bar.value = done; } else bar.removeAttribute("value");
    }

    // Sent by XMLHttpRequest, which tells how much of the file has gone.
    function send(event) {
      event.preventDefault();
      forget();
      told.textContent = "";
      if (!file.files.length) { fail(say("office_no_file"), "file"); return; }
      var known = state.layers.map(function (layer) { return layer.id; }), wanted = choice.value;
      var name = Array.from(file.files, function (one) { return one.name; }).join(", ");
      sending = new XMLHttpRequest();
      submit.disabled = true;
      step(say("uploading"), 0, 0);
      sending.open("POST", URL);
      sending.setRequestHeader("Accept", "application/json");
      sending.setRequestHeader("X-CSRFToken", geoaq.csrf());
      sending.upload.onprogress = function (gone) { if (gone.lengthComputable) step(say("uploading"), gone.loaded, gone.total); };
      sending.upload.onload = function () { step(say("office_checking"), 0, 0); };
      sending.onload = function () {
        var answer = null, status = this.status;
        try { answer = JSON.parse(this.responseText); } catch (error) { answer = null; }
        if (status === 201 && answer) {
          var fresh = answer.layers.filter(function (layer) { return known.indexOf(layer.id) < 0; })[0];
          form.reset();
          renew(answer, fresh ? fresh.id : wanted, say("office_added", { name: name }));
          files.setAttribute("tabindex", "-1");
          files.focus();
        } else if (answer && answer.error) fail(answer.error.text, answer.error.field);
        else fail(say("error_server", { status: status }), null);
      };
      sending.onerror = function () { fail(say("error_network"), null); };
      sending.onloadend = function () {
        sending = null;
        submit.disabled = false;
        step("", 0, 0);
      };
      sending.send(new FormData(form));
    }
  };

  // Under the tree, for what has no row in it.
  function place_button(room) {
    var tree = document.querySelector("#layers .layer-groups") || document.querySelector("#layers .layers-body");
    if (!tree) return;
    tree.insertAdjacentElement("afterend", el("p", { class: "office-tools" }, el("button", { type: "button", class: "link office-open",
      onclick: function () { room.add_layer(""); } }, say("office_manage"))));
  }
})();
