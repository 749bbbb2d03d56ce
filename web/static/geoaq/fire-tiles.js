// Fire pixels from live tiles: as columns in world pixels, and again quietly when the server has new ones.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var NUMBERS = ["frp", "scan", "track", "bearing"], WORDS = ["class", "satellite", "kind", "confidence", "region"];

  // put() is called when room.fires.points and room.fires.cells are others.
  geoaq.add_fire_tiles = function (room, put) {
    room.live = geoaq.live_tiles(room, {
      address: "/fires/tiles/{z}/{x}/{y}.mvt",
      draw: function (pieces) {
        room.fires.points = points(room, pieces);
        room.fires.cells = cells(pieces);
        put();
      },
    });
    function show() { if (room.fires.state) room.live.show(room.fires.query()); }
    room.on("filter", show);
    room.on("fires_changed", show);
  };

  function points(room, pieces) {
    var all = { x: [], y: [], id: [], time: [] };
    WORDS.concat(NUMBERS).forEach(function (name) { all[name] = []; });
    geoaq.each_feature(pieces, "points", function (x, y, data, i) {
      all.x.push(x);
      all.y.push(y);
      all.id.push(data.id[i]);
      all.time.push(data.values.time[i]);
      WORDS.forEach(function (name) { all[name].push(value(data, name, i)); });
      NUMBERS.forEach(function (name) {
        var word = value(data, name, i);
        all[name].push(word === null ? null : Number(word));
      });
    });
    all.count = all.x.length;
    all.satellite_text = function (word) {
      var one = ((room.fires.state && room.fires.state.newest) || []).filter(function (other) { return other.value === word; })[0];
      return one ? one.text : word;
    };
    return all;
  }

  function value(data, name, i) {
    var column = data.values[name];
    return column && column[i] !== undefined ? column[i] : null;
  }

  function cells(pieces) {
    var all = { x: [], y: [], counts: [], class: [], side: [] };
    geoaq.each_feature(pieces, "cells", function (x, y, data, i, step) {
      all.x.push(x);
      all.y.push(y);
      all.counts.push(data.values.count[i]);
      all.class.push(value(data, "class", i));
      all.side.push(step / 64);
    });
    all.count = all.x.length;
    return all;
  }
})();
