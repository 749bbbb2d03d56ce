// Tiles of one address: asked for once, kept while they are of use, called off when nobody waits any more.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  // What a screen shows goes out in one go: were some held back, each would wait for a turn of the page's own thread.
  // More than that is kept here, where it can be called off, so that what the page asks besides need not wait.
  var AT_ONCE = 12, under_way = 0, line = [];

  // Ask when it is one's turn; who is called off before that asks nothing.
  function in_turn(signal, ask) {
    return new Promise(function (resolve, reject) {
      line.push({ signal: signal, ask: ask, resolve: resolve, reject: reject });
      next();
    });
  }
  function next() {
    while (under_way < AT_ONCE && line.length) begin(line.shift());
  }
  function begin(one) {
    if (one.signal.aborted) { one.resolve(null); return; }
    under_way++;
    one.ask().then(one.resolve, one.reject).finally(function () {
      under_way--;
      next();
    });
  }

  // ask(z, x, y, signal) promises {data, bytes}; at most `limit` bytes as they came are kept; tell() hears of each
  // tile that starts, arrives or fails.
  geoaq.Tiles = function (ask, limit, tell) {
    this._ask_for = ask;
    this._limit = limit;
    this._tell = tell || function () {};
    this._kept = new Map();
    this._bytes = 0;
    this.loading = 0;
    this.error = "";
  };

  // Tiles of an address with {z}, {x} and {y}, made into what `read` makes of the bytes.
  geoaq.tiles_of = function (url, read) {
    return function (z, x, y, signal) {
      return in_turn(signal, function () { return geoaq.fetch_bytes(placed(url, z, x, y), signal); }).then(function (bytes) {
        return bytes && { data: read(bytes), bytes: bytes.byteLength };
      });
    };
  };

  // Layers whose tiles are asked for in one go are fetched as one: ask(id) is what geoaq.Tiles takes.
  geoaq.shared_tiles = function (url, read, nothing) {
    var open = {};
    function fetch_some(ids, signal, z, x, y) {
      return in_turn(signal, function () {
        return geoaq.fetch_bytes(placed(url.replace("{layers}", ids.join(",")), z, x, y), signal);
      }).then(function (bytes) {
        return bytes && { layers: read(bytes), bytes: bytes.byteLength / ids.length };
      });
    }
    // Where one of them is not there, the others are asked for without it.
    function fetch_all(one, z, x, y) {
      var ids = one.asked.map(function (other) { return other.id; }).sort(), all = fetch_some(ids, one.stop.signal, z, x, y);
      one.of = {};
      ids.forEach(function (id) {
        one.of[id] = all.catch(function (error) {
          if (error.status !== 404 || ids.length < 2) throw error;
          return fetch_some([id], one.stop.signal, z, x, y);
        });
      });
    }
    return function (id) {
      return function (z, x, y, signal) {
        var name = key(z, x, y), one = open[name];
        if (!one) {
          one = open[name] = { asked: [], stop: new AbortController() };
          one.ready = Promise.resolve().then(function () {
            delete open[name];
            fetch_all(one, z, x, y);
          });
        }
        one.asked.push({ id: id, signal: signal });
        signal.addEventListener("abort", function () {
          if (one.asked.every(function (other) { return other.signal.aborted; })) one.stop.abort();
        });
        return one.ready.then(function () { return one.of[id]; }).then(function (got) { return got && { data: got.layers[id] || nothing, bytes: got.bytes }; });
      };
    };
  };

  geoaq.Tiles.prototype = {
    // A tile that is here, else undefined.
    here: function (z, x, y) {
      var tile = this._kept.get(key(z, x, y));
      return tile && tile.data;
    },

    // Wait for a tile in the name of `whom`. Resolves with null when it was called off.
    take: function (z, x, y, whom) {
      var name = key(z, x, y), tile = this._kept.get(name);
      if (tile) this._kept.delete(name);
      else tile = this._ask(z, x, y);
      this._kept.set(name, tile);
      if (!tile.data) tile.whom.add(whom);
      return tile.promise;
    },

    // `whom` waits no longer for anything.
    leave: function (whom) {
      var self = this;
      this._kept.forEach(function (tile, name) {
        if (tile.data || !tile.whom.delete(whom) || tile.whom.size) return;
        self._kept.delete(name);
        tile.stop.abort();
      });
    },

    _ask: function (z, x, y) {
      var self = this, name = key(z, x, y), tile = { data: null, bytes: 0, whom: new Set(), stop: new AbortController() };
      this.loading++;
      this._tell();
      tile.promise = this._ask_for(z, x, y, tile.stop.signal)
        .then(function (got) {
          if (tile.stop.signal.aborted || !got) return null;
          tile.data = got.data;
          tile.bytes = got.bytes;
          tile.whom.clear();
          self._bytes += tile.bytes;
          self.error = "";
          self._forget();
          return tile.data;
        }).catch(function (error) {
          if (tile.stop.signal.aborted) return null;
          if (self._kept.get(name) === tile) self._kept.delete(name);
          self.error = error.message;
          throw error;
        }).finally(function () {
          self.loading--;
          self._tell();
        });
      return tile;
    },

    // The tiles used longest ago go first.
    _forget: function () {
      var self = this;
      this._kept.forEach(function (tile, name) {
        if (self._bytes <= self._limit || !tile.data) return;
        self._bytes -= tile.bytes;
        self._kept.delete(name);
      });
    },
  };

  function key(z, x, y) { return z + "/" + x + "/" + y; }
  function placed(url, z, x, y) { return url.replace("{z}", z).replace("{x}", x).replace("{y}", y); }

  // The tiles of zoom z that a box of world pixels (west, north, east, south at zoom 0) touches.
  geoaq.tiles_in = function (box, z) {
    var n = Math.pow(2, z), side = 256 / n, found = [];
    var x0 = Math.max(0, Math.floor(box[0] / side)), x1 = Math.min(n - 1, Math.ceil(box[2] / side) - 1);
    var y0 = Math.max(0, Math.floor(box[1] / side)), y1 = Math.min(n - 1, Math.ceil(box[3] / side) - 1);
    for (var y = y0; y <= y1; y++) for (var x = x0; x <= x1; x++) found.push([z, x, y]);
    return found;
  };
})();
