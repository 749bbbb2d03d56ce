// The upload card: drop a list or fill in a project, watch it being screened, stop it.
(function () {
  "use strict";
  var geoaq = window.geoaq;

  geoaq.add_upload = function (room) {
    var card = document.getElementById("upload"), progress = document.getElementById("progress");
    if (!card) return;
    if (progress && progress.getAttribute("data-progress-url")) {
      watch(card, progress, progress.getAttribute("data-progress-url"));
    }
    Array.prototype.forEach.call(card.querySelectorAll("form[id]"), function (form) {
      if (form.querySelector(".drop")) {
        drop(form);
        wanted_layer(room, form);
      }
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        send(card, form, progress);
      });
    });
  };

  function drop(form) {
    var area = form.querySelector(".drop"), input = form.querySelector("#upload-file");
    var said = area.querySelector("b"), hint = said.textContent;
    function show() {
      said.textContent = input.files.length ? input.files[0].name : hint;
      area.classList.toggle("chosen", input.files.length > 0);
    }
    ["dragenter", "dragover"].forEach(function (name) {
      area.addEventListener(name, function (event) { event.preventDefault(); area.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      area.addEventListener(name, function (event) { event.preventDefault(); area.classList.remove("over"); });
    });
    area.addEventListener("drop", function (event) {
      if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; show(); }
    });
    input.addEventListener("change", show);
  }

  // Opened from "add" of a missing layer: show its field.
  function wanted_layer(room, form) {
    var match = /[?&]layer=([a-z_]+)/.exec(window.location.search);
    var field = match && form.querySelector('[name="layer.' + match[1] + '"]');
    if (!field) return;
    unfold(field);
    if (room.open_sheet) room.open_sheet("upload");
    field.focus();
  }

  // Open every fold that a field lies in.
  function unfold(field) {
    for (var fold = field.closest("details"); fold; fold = fold.parentNode.closest("details")) fold.open = true;
  }

  function fail(form, words) {
    var place = form.querySelector(".error");
    place.textContent = words;
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  }

  // The sentence stands at the field that it is about; where it names none, at the foot of the form.
  function fail_at(form, error) {
    var field = error.field && form.querySelector('[name="' + error.field + '"]:not([type="hidden"])');
    if (!field) { fail(form, error.text); return; }
    var note = geoaq.el("p", { class: "error at-field", role: "alert", id: "field-error" }, error.text);
    var label = field.closest("label") || field;
    label.parentNode.insertBefore(note, label.nextSibling);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", "field-error");
    unfold(field);
    field.focus();
    note.scrollIntoView({ block: "nearest" });
  }

  function forget_errors(form) {
    form.querySelector(".error:not(.at-field)").hidden = true;
    Array.prototype.forEach.call(form.querySelectorAll(".at-field"), function (note) { note.parentNode.removeChild(note); });
    Array.prototype.forEach.call(form.querySelectorAll("[aria-invalid]"), function (field) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-errormessage");
    });
  }

  // Sent by XMLHttpRequest, which tells how much of the file has gone.
  function send(card, form, progress) {
    var request = new XMLHttpRequest(), button = form.querySelector('[type="submit"]');
    forget_errors(form);
    button.disabled = true;
    progress.hidden = false;
    step(progress, geoaq.say("uploading"), 0, 0);
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", geoaq.csrf());
    request.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) step(progress, geoaq.say("uploading"), event.loaded, event.total);
    });
    function stopped(error) {
      button.disabled = false;
      progress.hidden = true;
      fail_at(form, error);
    }
    request.addEventListener("load", function () {
      var answer = null;
      try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
      if (request.status === 202 && answer) {
        window.history.replaceState(null, "", answer.page);
        watch(card, progress, answer.progress, form);
      } else {
        stopped(answer && answer.error ? answer.error : { text: geoaq.say("error_server", { status: request.status }) });
      }
    });
    request.addEventListener("error", function () { stopped({ text: geoaq.say("error_network") }); });
    request.send(new FormData(form));
  }

  function step(progress, words, done, total) {
    var bar = progress.querySelector("progress");
    progress.querySelector(".step").textContent = words;
    if (total > 0) { bar.max = total; bar.value = done; } else bar.removeAttribute("value");
  }

  // Show how far it is until its result can be read, or why there is none.
  function watch(card, progress, url, sent) {
    var form = sent || card.querySelector("form[id]"), stop = progress.querySelector("[data-cancel-url]");
    progress.hidden = false;
    card.classList.add("busy");
    if (stop) {
      stop.hidden = false;
      stop.onclick = function () {
        stop.disabled = true;
        geoaq.cancel(url).catch(function (error) { stop.disabled = false; fail(form, error.message); });
      };
    }
    function over(words) {
      progress.hidden = true;
      card.classList.remove("busy");
      Array.prototype.forEach.call(card.querySelectorAll('[type="submit"]'), function (button) { button.disabled = false; });
      var ways = card.querySelector(".ways");
      if (ways) ways.hidden = false;
      if (stop) stop.disabled = false;
      fail(form, words);
    }
    function open(state) { window.location.assign(state.page); }
    geoaq.watch(url, {
      step: function (state) {
        if (state.readable) { open(state); return true; }
        var counted = state.total ? " " + geoaq.number(state.done) + " / " + geoaq.number(state.total) : "";
        step(progress, state.text + counted, state.done, state.total);
        return false;
      },
      done: open,
      failed: function (state) { over(state.error ? state.error.text : geoaq.say("failed")); },
      gone: function () { over(geoaq.say("cancelled")); },
      lost: function (error) { over(error.message); },
    });
  }
})();
