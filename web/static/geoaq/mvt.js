// Reading of vector tiles (Mapbox Vector Tile 2.1): coordinates as numbers of two bytes, attributes when asked for.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var POINT = 1, POLYGON = 3;
  var utf8 = new TextDecoder();

  function Bytes(array) {
    this.bytes = array;
    this.at = 0;
  }
  Bytes.prototype.number = function () {
    var bytes = this.bytes, value = 0, scale = 1, byte;
    do {
      if (this.at >= bytes.length) throw new RangeError("tile cut short");
      byte = bytes[this.at++];
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127);
    return value;
  };
  Bytes.prototype.part = function () {
    var length = this.number(), from = this.at;
    this.at += length;
    if (this.at > this.bytes.length) throw new RangeError("tile cut short");
    return this.bytes.subarray(from, this.at);
  };
  Bytes.prototype.skip = function (kind) {
    if (kind === 0) this.number();
    else if (kind === 1) this.at += 8;
    else if (kind === 2) this.part();
    else if (kind === 5) this.at += 4;
    else throw new RangeError("unknown field in a tile");
  };

  // Each field of a message: hear(number of the field, reader); what hear does not read (false) is skipped.
  function fields(array, hear) {
    var reader = new Bytes(array);
    while (reader.at < array.length) {
      var key = reader.number();
      if (hear(key >>> 3, reader) === false) reader.skip(key & 7);
    }
  }

  function signed(n) { return n % 2 ? -(n + 1) / 2 : n / 2; }

  function value_of(array) {
    var value = null, view = new DataView(array.buffer, array.byteOffset, array.byteLength);
    fields(array, function (field, reader) {
      if (field === 1) value = utf8.decode(reader.part());
      else if (field === 2) { value = view.getFloat32(reader.at, true); reader.at += 4; }
      else if (field === 3) { value = view.getFloat64(reader.at, true); reader.at += 8; }
      else if (field === 4 || field === 5) value = reader.number();
      else if (field === 6) value = signed(reader.number());
      else if (field === 7) value = reader.number() === 1;
      else return false;
      return true;
    });
    return value;
  }

  function feature_of(array) {
    var feature = { id: 0, tags: null, type: 0, geometry: null };
    fields(array, function (field, reader) {
      if (field === 1) feature.id = reader.number();
      else if (field === 2) feature.tags = reader.part();
      else if (field === 3) feature.type = reader.number();
      else if (field === 4) feature.geometry = reader.part();
      else return false;
      return true;
    });
    return feature;
  }

  // Lines and rings of one feature: coords x0 y0 x1 y1 …, ends (where in coords each part ends), box. A ring
  // does not repeat its first corner.
  function shape(feature) {
    var reader = new Bytes(feature.geometry), coords = [], ends = [], x = 0, y = 0, length = feature.geometry.length;
    var box = [Infinity, Infinity, -Infinity, -Infinity];
    while (reader.at < length) {
      var command = reader.number(), kind = command & 7, count = command >>> 3;
      if (kind === 7) continue;
      if (kind === 1 && coords.length) ends.push(coords.length);
      for (var i = 0; i < count; i++) {
        x += signed(reader.number());
        y += signed(reader.number());
        coords.push(x, y);
        if (x < box[0]) box[0] = x;
        if (y < box[1]) box[1] = y;
        if (x > box[2]) box[2] = x;
        if (y > box[3]) box[3] = y;
      }
    }
    ends.push(coords.length);
    return { id: feature.id, ring: feature.type === POLYGON, coords: Int16Array.from(coords), ends: ends, box: box };
  }

  function layer_of(array) {
    var layer = { name: "", extent: 4096, keys: [], values: [], raw: [] };
    fields(array, function (field, reader) {
      if (field === 1) layer.name = utf8.decode(reader.part());
      else if (field === 2) layer.raw.push(reader.part());
      else if (field === 3) layer.keys.push(utf8.decode(reader.part()));
      else if (field === 4) layer.values.push(value_of(reader.part()));
      else if (field === 5) layer.extent = reader.number();
      else return false;
      return true;
    });
    return layer;
  }

  function properties(layer, tags) {
    var found = {}, reader = new Bytes(tags || new Uint8Array(0));
    while (reader.at < reader.bytes.length) {
      var key = layer.keys[reader.number()];
      found[key] = layer.values[reader.number()];
    }
    return found;
  }

  function layers_of(buffer) {
    var layers = [];
    fields(new Uint8Array(buffer), function (field, reader) {
      if (field !== 3) return false;
      layers.push(layer_of(reader.part()));
      return true;
    });
    return layers;
  }

  // Lines and areas of a tile by layer: {extent, features: [{id, ring, coords, ends, box, properties}]}.
  geoaq.read_shapes = function (buffer) {
    var found = {};
    layers_of(buffer).forEach(function (layer) {
      found[layer.name] = { extent: layer.extent, features: layer.raw.map(feature_of).filter(function (feature) {
        return feature.type > POINT && feature.geometry;
      }).map(function (feature) {
        return Object.assign(shape(feature), { properties: properties(layer, feature.tags) });
      }) };
    });
    return found;
  };

  // Points of a tile as columns: {name, count, extent, x, y, id, values: {attribute: [one for each point]}}.
  geoaq.read_points = function (buffer) {
    var layer = layers_of(buffer)[0] || { name: "", extent: 4096, keys: [], values: [], raw: [] }, n = layer.raw.length;
    var table = { name: layer.name, count: n, extent: layer.extent, x: new Int16Array(n), y: new Int16Array(n),
      id: new Float64Array(n), values: {} };
    layer.keys.forEach(function (key) { table.values[key] = new Array(n).fill(null); });
    layer.raw.forEach(function (array, i) {
      var feature = feature_of(array), reader = new Bytes(feature.geometry);
      reader.number();
      table.x[i] = signed(reader.number());
      table.y[i] = signed(reader.number());
      table.id[i] = feature.id;
      var tags = new Bytes(feature.tags || new Uint8Array(0));
      while (tags.at < tags.bytes.length) {
        var key = layer.keys[tags.number()];
        table.values[key][i] = layer.values[tags.number()];
      }
    });
    return table;
  };
})();
