// The ground of the client: the reader's sentences, page elements made from text only, events, numbers.
(function () {
  "use strict";
  var geoaq = (window.geoaq = window.geoaq || {});
  var strings = {};

  geoaq.load_strings = function (all) {
    strings = all;
  };

  // A sentence of wording/client.toml, its {places} filled; the code itself where there is none. {count:row|rows}
  // is the word that goes with the number.
  geoaq.say = function (code, values) {
    var text = Object.prototype.hasOwnProperty.call(strings, code) ? strings[code] : code;
    return text.replace(/\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g, function (whole, name, one, more) {
      if (!values || values[name] === undefined) return whole;
      var value = String(values[name]);
      return more === undefined ? value : value === "1" ? one : more;
    });
  };

  // An element with attributes and children. Strings become text nodes: nothing here reads HTML.
  geoaq.el = function (tag, attributes) {
    var node = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (value === null || value === undefined || value === false) return;
      if (name === "class") node.className = value;
      else if (name.slice(0, 2) === "on") node.addEventListener(name.slice(2), value);
      else if (name === "href") set_href(node, value);
      else node.setAttribute(name, value === true ? "" : value);
    });
    for (var i = 2; i < arguments.length; i++) geoaq.append(node, arguments[i]);
    return node;
  };

  geoaq.append = function (node, child) {
    if (child === null || child === undefined || child === false) return;
    if (Array.isArray(child)) child.forEach(function (one) { geoaq.append(node, one); });
    else node.appendChild(child.nodeType ? child : document.createTextNode(String(child)));
  };

  // Links lead to this site, a place in the page, or a file made here; never to a script.
  function set_href(node, value) {
    if (/^(\/(?!\/)|#|\?|blob:)/.test(value)) node.setAttribute("href", value);
  }

  geoaq.clear = function (node) {
    while (node.firstChild) node.removeChild(node.firstChild);
    return node;
  };

  // A small hub: on("select", f), emit("select", key).
  geoaq.hub = function () {
    var heard = {};
    return {
      on: function (name, listener) {
        (heard[name] = heard[name] || []).push(listener);
      },
      emit: function (name, value) {
        (heard[name] || []).forEach(function (listener) { listener(value); });
      },
    };
  };

  // Thousands apart by a thin gap, as printed in tables: 9 318.
  geoaq.number = function (value, digits) {
    var text = Number(value).toFixed(digits || 0);
    var parts = text.split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009");
    return parts.join(".");
  };

  // A length on the ground in the reader's unit, coarse where it is long.
  geoaq.length = function (metres) {
    if (metres < 1000) return geoaq.number(metres, metres < 100 ? 1 : 0) + " " + geoaq.say("unit_m");
    return geoaq.number(metres / 1000, metres < 100000 ? 2 : 1) + " " + geoaq.say("unit_km");
  };

  // Electric capacity: 121.5 万千瓦, or 1215 MW.
  geoaq.power = function (mw) {
    if (!isFinite(mw)) return "";
    if (geoaq.lang !== "en") return trimmed(mw / 10) + " " + geoaq.say("unit_power");
    return trimmed(mw) + " " + geoaq.say("unit_power");
  };

  function trimmed(value) {
    return String(Math.round(value * 100) / 100);
  }

  // A number of the office; where the list has none the program's key stands there, and is none.
  geoaq.own_number = function (id) {
    return is_key(id) ? geoaq.say("no_number") : id;
  };

  // Number and name of a subject, in one line.
  geoaq.own_label = function (id, name) {
    return (is_key(id) && name ? name : id + " " + name).trim();
  };

  function is_key(id) {
    return /^k-[0-9a-f]{16}(-\d+)?$/.test(id);
  }

  geoaq.later = function (wait_ms, work) {
    var timer = null;
    return function () {
      var self = this, given = arguments;
      window.clearTimeout(timer);
      timer = window.setTimeout(function () { work.apply(self, given); }, wait_ms);
    };
  };

  // A file made in the page, offered for download.
  geoaq.offer = function (name, type, text) {
    var url = URL.createObjectURL(new Blob([text], { type: type }));
    var link = geoaq.el("a", { href: url, download: name, class: "off" });
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
    window.setTimeout(function () { URL.revokeObjectURL(url); }, 10000);
  };
})();
