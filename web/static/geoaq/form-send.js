// Forms that are sent in place: what was typed stays when the server refuses it, and the reason stands at its field.
(function () {
  "use strict";
  var geoaq = window.geoaq, el = geoaq.el;

  function forget(form) {
    Array.prototype.forEach.call(form.querySelectorAll(".form-error"), function (note) { note.parentNode.removeChild(note); });
    Array.prototype.forEach.call(form.querySelectorAll("[aria-invalid]"), function (field) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-errormessage");
    });
  }

  // The sentence stands after the field that it is about; where it names none, before the buttons.
  geoaq.tell_form = function (form, error) {
    var field = error.field && form.querySelector('[name="' + error.field + '"]:not([type="hidden"])');
    var note = el("p", { class: "error at-field form-error", role: "alert", id: "form-error" }, error.text);
    var place = field ? field.closest("fieldset, label") || field : form.querySelector(".deeds");
    if (field) {
      for (var fold = field.closest("details"); fold; fold = fold.parentNode.closest("details")) fold.open = true;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-errormessage", "form-error");
      place.parentNode.insertBefore(note, place.nextSibling);
      field.focus();
    } else place.parentNode.insertBefore(note, place);
    note.scrollIntoView({ block: "nearest" });
  };

  // Send a form; resolves with the answer, or with null after the reason was told and `refused` was given the answer.
  geoaq.send_form = function (form, url, refused) {
    var buttons = form.querySelectorAll("button"), body = new FormData(form);
    forget(form);
    function enable(on) { Array.prototype.forEach.call(buttons, function (button) { button.disabled = !on; }); }
    enable(false);
    form.setAttribute("aria-busy", "true");
    function over() { enable(true); form.removeAttribute("aria-busy"); }
    return fetch(url, { method: "POST", body: body, credentials: "same-origin",
      headers: { Accept: "application/json", "X-CSRFToken": geoaq.csrf() } }).then(function (answer) {
      return answer.json().catch(function () { return null; }).then(function (data) {
        over();
        if (answer.ok && data) return data;
        if (data && refused) refused(data);
        geoaq.tell_form(form, data && data.error ? data.error : { text: geoaq.say("error_server", { status: answer.status }) });
        return null;
      });
    }, function () {
      over();
      geoaq.tell_form(form, { text: geoaq.say("error_network") });
      return null;
    });
  };
})();
