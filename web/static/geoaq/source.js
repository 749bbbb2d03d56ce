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
    return fetch(url, settings).then(function (answer) {
      if (answer.status === 204) return null;
      return answer.json().catch(function () { return null; }).then(function (data) {
        if (answer.ok && data !== null) return data;
        throw new Error(data && data.error ? data.error.text : geoaq.say("error_server", { status: answer.status }));
      });
    }, function () {
      throw new Error(geoaq.say("error_network"));
    });
  };

  geoaq.csrf = function () {
    var meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.getAttribute("content") : "";
  };

  // Layers come as GeoJSON by their own address; a screening brings the plants and areas that it rested on.
  function layer_url(room, id) {
    var own = room.head && room.head.layers[id];
    return own || "/layers/" + encodeURIComponent(id) + ".geojson";
  }

  geoaq.use_source = function (room) {
    var base = "/screenings/" + encodeURIComponent(room.screening);
    var get = geoaq.fetch_json;
    room.source = {
      head: function () { return get(base + "/screening.json"); },
      points: function (filter) { return get(base + "/points.json" + geoaq.query(filter)); },
      subjects: function (filter, page) {
        return get(base + "/subjects.json" + geoaq.query(Object.assign({}, filter, page)));
      },
      card: function (key) { return get(base + "/subjects/" + encodeURIComponent(key) + ".json"); },
      issues: function (page) { return get(base + "/issues.json" + geoaq.query({ page: page })); },
      layer: function (id) { return get(layer_url(room, id)); },
      counties: function (adcode) { return get("/layers/counties/" + encodeURIComponent(adcode) + ".geojson"); },
      places: function (text) {
        return get("/places.json" + geoaq.query({ q: text, screening: room.screening })).then(function (answer) {
          return answer.results;
        });
      },
    };
  };
})();
