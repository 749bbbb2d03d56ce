// Questions to the server; the answers' shapes stand in docs/reference/web-endpoints.md.
(function () {
  "use strict";
  var geoaq = window.geoaq;

  geoaq.query = function (values) {
    var parts = [];
    Object.keys(values).forEach(function (name) {
      [].concat(values[name]).forEach(function (value) {
        if (value !== "" && value !== null && value !== undefined) {
          parts.push(encodeURIComponent(name) + "=" + encodeURIComponent(value));
        }
      });
    });
    return parts.length ? "?" + parts.join("&") : "";
  };

  // JSON from this site; an error carries the server's own sentence.
  geoaq.fetch_json = function (url, options) {
    var settings = Object.assign({ credentials: "same-origin" }, options || {});
    settings.headers = Object.assign({ Accept: "application/json" }, settings.headers || {});
    return fetch(url, settings).then(worded, unreached);
  };
  function worded(answer) {
    if (answer.status === 204) return null;
    return answer.json().catch(function () { return null; }).then(function (data) {
      if (answer.ok && data !== null) return data;
      var words = data && data.error ? data.error.text : geoaq.say("error_server", { status: answer.status });
      throw Object.assign(new Error(words), { status: answer.status });
    });
  }
  function unreached() {
    throw new Error(geoaq.say("error_network"));
  }

  // The bytes of a tile; none where the server has nothing there.
  geoaq.fetch_bytes = function (url, signal) {
    return fetch(url, { credentials: "same-origin", signal: signal }).then(function (answer) {
      if (!answer.ok) throw Object.assign(new Error(geoaq.say("error_server", { status: answer.status })), { status: answer.status });
      return answer.arrayBuffer();
    }, unreached);
  };

  // Points as columns of numbers; the answer is words where they come as tiles.
  function fetch_points(url) {
    return fetch(url, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok || !/octet-stream/.test(answer.headers.get("Content-Type"))) return worded(answer);
      return answer.arrayBuffer().then(function (bytes) { return { kind: "points", bytes: bytes }; });
    }, unreached);
  }

  geoaq.csrf = function () {
    var meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.getAttribute("content") : "";
  };

  // Ask how far a screening is until it ends: quickly at first, then once a second. hear.step(state) says of one
  // that runs whether that is enough; done, failed(state), gone (cancelled) and lost(error) are told once.
  geoaq.watch = function (url, hear) {
    var wait = 250, missed = 0;
    function again(ms) { window.setTimeout(ask, ms); }
    function ask() {
      geoaq.fetch_json(url).then(function (state) {
        missed = 0;
        if (state.state === "failed") return hear.failed(state);
        if (state.state === "done") return hear.done(state);
        if (hear.step(state)) return null;
        wait = Math.min(1000, wait * 1.3);
        return again(wait);
      }).catch(function (error) {
        if (error.status === 404) hear.gone();
        else if (++missed > 5 && hear.lost) hear.lost(error);
        else again(1500);
      });
    }
    ask();
  };

  // Stop a screening under way; nothing of it is kept.
  geoaq.cancel = function (progress_url) {
    return geoaq.fetch_json(progress_url.replace(/progress$/, "cancel"),
      { method: "POST", headers: { "X-CSRFToken": geoaq.csrf() } });
  };

  // Layers come as GeoJSON by their own address; a screening brings the plants and areas that it rested on.
  function layer_url(room, id) {
    var own = room.head && room.head.layers[id], layer = room.layer(id);
    return own || (layer && layer.spec.office && layer.spec.office.url) || "/layers/" + encodeURIComponent(id) + ".geojson";
  }

  geoaq.use_source = function (room) {
    var base = "/screenings/" + encodeURIComponent(room.screening);
    var get = geoaq.fetch_json;
    room.source = {
      head: function () { return get(base + "/screening.json"); },
      points: function (filter) { return fetch_points(base + "/points.bin" + geoaq.query(filter)); },
      labels: function (filter) { return get(base + "/labels.json" + geoaq.query(filter)); },
      subjects: function (filter, page) {
        return get(base + "/subjects.json" + geoaq.query(Object.assign({}, filter, page)));
      },
      card: function (key) { return get(base + "/subjects/" + encodeURIComponent(key) + ".json"); },
      issues: function (page) { return get(base + "/issues.json" + geoaq.query({ page: page })); },
      layer: function (id) { return get(layer_url(room, id)); },
      counties: function (adcode) { return get("/layers/counties/" + encodeURIComponent(adcode) + ".geojson"); },
      names: function () { return get("/layers/names.json"); },
      places: function (text) {
        return get("/places.json" + geoaq.query({ q: text, screening: room.screening })).then(function (answer) {
          return answer.results;
        });
      },
    };
  };
})();
