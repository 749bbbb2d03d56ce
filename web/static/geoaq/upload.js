// The upload card: drop a list, watch it being screened, stop it.
(function () {
  "use strict";
  var geoaq = window.geoaq;

  geoaq.add_upload = function (room) {
    var card = document.getElementById("upload"), form = document.getElementById("upload-form");
    var progress = document.getElementById("progress");
    if (!card) return;
    if (progress && progress.getAttribute("data-progress-url")) {
      watch(card, progress, progress.getAttribute("data-progress-url"));
    }
    if (!form) return;
    drop(form);
    wanted_layer(room, form);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      send(card, form, progress);
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
    if (field.closest("details")) field.closest("details").open = true;
    if (room.open_sheet) room.open_sheet("upload");
    field.focus();
  }

  function fail(card, words) {
    var place = card.querySelector(".error");
    place.textContent = words;
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  }

  // Sent by XMLHttpRequest, which tells how much of the file has gone.
  function send(card, form, progress) {
    var request = new XMLHttpRequest(), button = form.querySelector('[type="submit"]');
    card.querySelector(".error").hidden = true;
    button.disabled = true;
    progress.hidden = false;
    step(progress, geoaq.say("uploading"), 0, 0);
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", geoaq.csrf());
    request.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) step(progress, geoaq.say("uploading"), event.loaded, event.total);
    });
    function stopped(words) {
      button.disabled = false;
      progress.hidden = true;
      fail(card, words);
    }
    request.addEventListener("load", function () {
      var answer = null;
      try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
      if (request.status === 202 && answer) {
        window.history.replaceState(null, "", answer.page);
        watch(card, progress, answer.progress);
      } else {
        stopped(answer && answer.error ? answer.error.text : geoaq.say("error_server", { status: request.status }));
      }
    });
    request.addEventListener("error", function () { stopped(geoaq.say("error_network")); });
    request.send(new FormData(form));
  }

  function step(progress, words, done, total) {
    var bar = progress.querySelector("progress");
    progress.querySelector(".step").textContent = words;
    if (total > 0) { bar.max = total; bar.value = done; } else bar.removeAttribute("value");
  }

  // Show how far it is until its result can be read, or why there is none.
  function watch(card, progress, url) {
    var stop = progress.querySelector("[data-cancel-url]");
    progress.hidden = false;
    card.classList.add("busy");
    if (stop) {
      stop.hidden = false;
      stop.onclick = function () {
        stop.disabled = true;
        geoaq.cancel(url).catch(function (error) { stop.disabled = false; fail(card, error.message); });
      };
    }
    function over(words) {
      progress.hidden = true;
      card.classList.remove("busy");
      var button = card.querySelector('[type="submit"]');
      if (button) button.disabled = false;
      if (stop) stop.disabled = false;
      fail(card, words);
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
