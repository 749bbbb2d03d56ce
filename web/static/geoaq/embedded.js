// The questions of source.js answered from the data that lie in a one-file map.
(function () {
  "use strict";
  var geoaq = window.geoaq;

  geoaq.use_embedded = function (room) {
    var data = JSON.parse(document.getElementById("geoaq-data").textContent);
    var list = data.list || null;
    var at = {};
    if (list) list.key.forEach(function (key, i) { at[key] = i; });

    function word(column, i) {
      var n = list[column][i];
      return n < 0 ? "" : list.words[n];
    }
    var rule_number = {};
    if (data.findings) data.findings.rules.forEach(function (rule, n) { rule_number[rule.rule_id] = n; });

    // The places in the list that pass a filter.
    function chosen(filter) {
      var signs = filter.verdict.map(function (sign) { return String(geoaq.SIGNS.indexOf(sign)); });
      var corners = filter.area ? filter.area.split(";").map(function (p) { return p.split(",").map(Number); }) : null;
      var q = filter.q.toLowerCase(), found = [];
      for (var i = 0; i < list.key.length; i++) {
        if (signs.length && signs.indexOf(list.sign[i]) < 0) continue;
        if (filter.county && word("county_adcode", i) !== filter.county) continue;
        if (filter.consultee && (";" + word("consultee_codes", i) + ";").indexOf(";" + filter.consultee + ";") < 0) continue;
        if (filter.timing && word("lead_timing", i) !== filter.timing) continue;
        if (q && (list.subject_id[i] + " " + word("name", i)).toLowerCase().indexOf(q) < 0) continue;
        if (filter.rule && !has_rule(i, rule_number[filter.rule])) continue;
        if (corners && !inside(list.lon[i], list.lat[i], corners)) continue;
        found.push(i);
      }
      return found;
    }

    function has_rule(i, rule) {
      var f = data.findings;
      for (var k = f.start[i]; k < f.start[i + 1]; k++) {
        if (f.rule[k] === rule && f.sign[k] !== "3") return true;
      }
      return false;
    }

    function totals(places) {
      var counts = geoaq.SIGNS.map(function () { return 0; }), tph = 0;
      places.forEach(function (i) { counts[Number(list.sign[i])]++; tph += list.tph[i] || 0; });
      var all = { subjects: places.length, tph_text: geoaq.number(tph, tph % 1 ? 1 : 0) };
      geoaq.SIGNS.forEach(function (sign, n) { all[sign] = counts[n]; });
      return all;
    }

    var SORTS = {
      row: function (i) { return list.row[i]; }, subject_id: function (i) { return list.subject_id[i]; },
      name: function (i) { return word("name", i); }, county: function (i) { return word("county", i); },
      capacity: function (i) { return list.tph[i]; }, anchor: function (i) { return word("anchor_name", i); },
      neighbour: function (i) { return word("neighbour", i); }, consultees: function (i) { return word("consultees", i); },
      limb_a: function (i) { return limb("limb_a", i); }, limb_b: function (i) { return limb("limb_b", i); },
      distance: function (i) { return list.distance_km[i]; }, verdict: function (i) { return list.sign[i]; },
    };

    // Blanks last whichever way; equal ones in the order of the list.
    function sorted(places, how) {
      var value = SORTS[how.sort] || SORTS.row, sense = how.dir === "desc" ? -1 : 1;
      var keyed = places.map(function (i) { return [value(i), i]; });
      keyed.sort(function (a, b) {
        var blank = Number(a[0] === null || a[0] === "") - Number(b[0] === null || b[0] === "");
        if (blank) return blank;
        return (a[0] < b[0] ? -sense : a[0] > b[0] ? sense : 0) || a[1] - b[1];
      });
      return keyed.map(function (pair) { return pair[1]; });
    }

    // The place of a limb's outcome among the signs, as the list sorts them.
    function limb(column, i) {
      return { applies: 0, needs_review: 2, does_not_apply: 3 }[word(column, i)];
    }

    function limb_sign(column, i) {
      var sign = geoaq.SIGNS[limb(column, i)];
      return sign ? { sign: sign, text: geoaq.say("short_" + sign) } : "";
    }

    function row(i) {
      var own = list.limb_a ? { neighbour: word("neighbour", i), consultees: word("consultees", i),
        limb_a: limb_sign("limb_a", i), limb_b: limb_sign("limb_b", i) } : {};
      return Object.assign(own, { key: list.key[i], row: list.row[i], subject_id: list.subject_id[i], name: word("name", i),
        county: word("county", i), capacity: word("capacity_text", i), anchor: word("anchor_name", i),
        distance: word("distance_text", i), sign: geoaq.SIGNS[Number(list.sign[i])], tag: word("tag", i),
        lon: list.lon[i], lat: list.lat[i] });
    }

    function points(filter) {
      if (!list || !room.is_filtered()) return data.points;
      var places = chosen(filter).filter(function (i) { return list.lon[i] !== null; });
      return { kind: "points", count: places.length,
        lon: places.map(function (i) { return list.lon[i]; }), lat: places.map(function (i) { return list.lat[i]; }),
        sign: places.map(function (i) { return list.sign[i]; }).join(""),
        key: places.map(function (i) { return list.key[i]; }),
        label: places.map(function (i) { return geoaq.own_label(list.subject_id[i], word("name", i)); }) };
    }

    function subjects(filter, page) {
      if (!list) return { total: 0, page: 1, pages: 1, page_size: 50, totals: data.head.counts, rows: [] };
      var places = sorted(chosen(filter), page), size = 50, number = page.page || 1;
      if (page.find && at[page.find] !== undefined) {
        number = Math.floor(Math.max(0, places.indexOf(at[page.find])) / size) + 1;
      }
      var pages = Math.max(1, Math.ceil(places.length / size));
      number = Math.min(number, pages);
      return { total: places.length, page: number, pages: pages, page_size: size, totals: totals(places),
        rows: places.slice((number - 1) * size, number * size).map(row) };
    }

    function places(text) {
      var q = text.toLowerCase(), found = [];
      for (var i = 0; list && i < list.key.length && found.length < 8; i++) {
        if ((list.subject_id[i] + " " + word("name", i)).toLowerCase().indexOf(q) >= 0) {
          found.push({ kind: "subject", text: geoaq.own_label(list.subject_id[i], word("name", i)), detail: word("county", i),
            lon: list.lon[i], lat: list.lat[i], bounds: null, key: list.key[i] });
        }
      }
      var sheets = ["provinces", "cities"].map(function (id) { return data.layers[id]; });
      Object.keys(data.counties).forEach(function (adcode) { sheets.push(data.counties[adcode]); });
      sheets.filter(Boolean).forEach(function (sheet) {
        sheet.features.forEach(function (feature) {
          if (found.length >= 12 || String(feature.properties.name).toLowerCase().indexOf(q) < 0) return;
          var b = L.geoJSON(feature).getBounds(), c = b.getCenter();
          found.push({ kind: "place", text: feature.properties.name, detail: feature.properties.city || "",
            lon: c.lng, lat: c.lat, bounds: [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()], key: null });
        });
      });
      return found;
    }

    function soon(work) {
      return function () {
        var given = arguments;
        return new Promise(function (resolve) { resolve(work.apply(null, given)); });
      };
    }

    room.source = {
      head: soon(function () { return data.head; }),
      points: soon(points),
      subjects: soon(subjects),
      card: soon(function (key) { return geoaq.embedded_card(data, at[key], word); }),
      layer: soon(function (id) { return data.layers[id] || { type: "FeatureCollection", features: [] }; }),
      counties: soon(function (adcode) {
        return data.counties[adcode] || { type: "FeatureCollection", features: [] };
      }),
      places: soon(places),
    };
  };

  function inside(lon, lat, corners) {
    if (lon === null) return false;
    var within = false;
    for (var i = 0, j = corners.length - 1; i < corners.length; j = i++) {
      var a = corners[i], b = corners[j];
      if (a[1] > lat !== b[1] > lat && lon < ((b[0] - a[0]) * (lat - a[1])) / (b[1] - a[1]) + a[0]) within = !within;
    }
    return within;
  }
})();
