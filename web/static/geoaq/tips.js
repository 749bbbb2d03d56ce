// What the pointer is on among the areas: sites and feet, discs, and the county, city and province below them.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var DISCS_FROM = 7, DISCS_NAMED = 3, NEAR_PX = 5;

  // Shapes of GeoJSON, to be asked what lies at a place: {at(lon, lat): areas, near(lon, lat, degrees): lines}.
  geoaq.shapes_of = function (data) {
    var areas = [], lines = [];
    data.features.forEach(function (feature) {
      var shape = feature.geometry;
      if (!shape) return;
      if (shape.type === "Polygon") keep(areas, shape.coordinates, feature);
      else if (shape.type === "MultiPolygon") shape.coordinates.forEach(function (rings) { keep(areas, rings, feature); });
      else if (shape.type === "LineString") keep(lines, [shape.coordinates], feature);
      else if (shape.type === "MultiLineString") keep(lines, shape.coordinates, feature);
    });
    return {
      at: function (lon, lat) {
        return areas.filter(function (one) { return one.box.contains([lon, lat]) && inside(one.rings, lon, lat); }).map(properties);
      },
      near: function (lon, lat, far) {
        return lines.filter(function (one) { return beside(one.rings, lon, lat, far); }).map(properties);
      },
    };
  };

  function keep(all, rings, feature) {
    all.push({ rings: rings, box: L.bounds(rings[0]), properties: feature.properties });
  }
  function properties(one) { return one.properties; }

  // Even and odd crossings.
  function inside(rings, lon, lat) {
    var within = false;
    rings.forEach(function (ring) {
      for (var i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        var a = ring[i], b = ring[j];
        if (a[1] > lat !== b[1] > lat && lon < ((b[0] - a[0]) * (lat - a[1])) / (b[1] - a[1]) + a[0]) within = !within;
      }
    });
    return within;
  }
  geoaq.in_rings = inside;

  // Whether a line passes within so many degrees of longitude, a degree of latitude counted as what it is on the screen.
  function beside(lines, lon, lat, far) {
    var squeeze = 1 / Math.cos((lat * Math.PI) / 180);
    return lines.some(function (line) {
      for (var i = 1; i < line.length; i++) {
        var at = L.LineUtil.pointToSegmentDistance(L.point(lon, lat * squeeze), L.point(line[i - 1][0], line[i - 1][1] * squeeze),
          L.point(line[i][0], line[i][1] * squeeze));
        if (at <= far) return true;
      }
      return false;
    });
  }

  geoaq.add_area_tips = function (room) {
    var map = room.map;
    room.pointers = room.pointers || [];

    // Of a layer that is seen: the properties of its areas here, from tiles or from GeoJSON.
    function here(id, latlng) {
      var layer = room.layer(id);
      if (!layer || !layer.visible) return [];
      if (room.tiled && room.tiled.holds(layer)) return room.tiled.features(id, latlng);
      if (layer.parts) {
        return Object.keys(layer.parts).reduce(function (found, adcode) {
          var part = layer.parts[adcode];
          return found.concat(part && part.shown ? part.shapes.at(latlng.lng, latlng.lat) : []);
        }, []);
      }
      return layer.shown && layer.shapes ? layer.shapes.at(latlng.lng, latlng.lat) : [];
    }

    // 江苏省 无锡市 江阴市; a city that is a province is named once.
    function region(latlng) {
      var found = here("counties", latlng)[0] || here("cities", latlng)[0] || here("provinces", latlng)[0];
      if (!found) return "";
      return [found.province, found.city, found.name].filter(function (name, i, all) {
        return name && all.indexOf(name) === i;
      }).join(" ");
    }

    function plant_name(id) {
      var layer = room.layer("chp_anchors"), all = (layer && layer.sheet && layer.sheet.plants) || [];
      return (all.filter(function (plant) { return plant.id === id; })[0] || {}).name || "";
    }

    function site(event) {
      var found = here("project_sites", event.latlng)[0], feet = room.layer("foot_points");
      if (!found && feet && feet.shown && feet.shapes) {
        found = feet.shapes.near(event.latlng.lng, event.latlng.lat, (NEAR_PX * 360) / (256 * Math.pow(2, map.getZoom())))[0];
      }
      return found || null;
    }

    // Lines of a tip stand for themselves: the same lines are the same thing.
    function words(order, find) {
      return {
        order: order, quiet: true,
        hit: function (event) { return find(event.latlng).join("\n") || null; },
        tip: function (text) { return text.split("\n"); },
      };
    }

    room.pointers.push({
      order: 3,
      hit: site,
      tip: function (found) {
        return [found.name || found.subject_id, found.neighbour_name ? found.neighbour_name + " · " +
          geoaq.length(found.distance_km * 1000) : ""].filter(Boolean);
      },
      click: function (found) { room.select(found.row + "-" + found.part, "map"); },
    }, words(4, function (latlng) {
      var discs = map.getZoom() < DISCS_FROM ? [] : here("heating_discs", latlng);
      if (!discs.length) return [];
      var names = discs.slice(0, DISCS_NAMED).map(function (disc) {
        return [disc.name || plant_name(disc.plant_id), disc.radius_km ? geoaq.number(disc.radius_km) + " " + geoaq.say("unit_km") : ""]
          .filter(Boolean).join(" · ");
      });
      return names.concat(discs.length > DISCS_NAMED ? "…" : [], region(latlng)).filter(Boolean);
    }), words(5, function (latlng) { return [region(latlng)].filter(Boolean); }));
  };
})();
