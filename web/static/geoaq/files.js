// The files of a screening: those that can be taken home, and those that are still being written.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  // One element that stays in the page: what it says of files under way is read out when it changes.
  geoaq.files_bar = function (room) {
    var note = el("span", { class: "muted", role: "status", "aria-live": "polite" });
    var place = el("span", { class: "files" });

    room.on("head", function (head) {
      draw();
      if (!head.progress) return;
      note.textContent = geoaq.say("files_pending", { count: head.files.filter(pending).length });
      geoaq.watch(head.progress, { step: function () { return false; }, done: complete, failed: failed, gone: gone });
    });

    function pending(file) { return !file.ready; }

    function complete() {
      return room.source.head().then(function (head) {
        room.head.files = head.files;
        room.head.progress = head.progress;
        note.textContent = geoaq.say("files_ready");
        draw();
      });
    }
    // The server's page of this address says why, in place of a result that is no more.
    function failed(state) { window.location.replace(state.page); }
    function gone() {
      note.textContent = "";
      geoaq.clear(place);
      room.emit("failed", new Error(geoaq.say("cancelled")));
    }

    function draw() {
      var all = room.head.files;
      geoaq.clear(place);
      if (!all.length) return;
      place.appendChild(link(all[0], "button"));
      if (all.length === 1) return;
      geoaq.append(place, el("details", { class: "menu" },
        el("summary", { class: "button", "aria-label": geoaq.say("more_files") }, "…"),
        el("ul", {}, all.slice(1).map(function (file) {
          return el("li", {}, link(file, ""), el("small", {}, file.ready ? file.size_text : geoaq.say("file_pending")));
        }), room.head.progress ? el("li", {}, stop(room.head.progress)) : null)));
    }

    function link(file, kind) {
      if (file.ready) return el("a", { class: kind, href: file.href, download: true }, file.text);
      return el("button", { type: "button", class: kind || "link", disabled: true, title: geoaq.say("file_pending") },
        file.text);
    }

    function stop(url) {
      var button = el("button", { type: "button", class: "link", onclick: function () {
        button.disabled = true;
        geoaq.cancel(url).catch(function (error) { button.disabled = false; note.textContent = error.message; });
      } }, geoaq.say("cancel_screening"));
      return button;
    }

    return [note, place];
  };
})();
