// Fire pixels as signs: each layer's own file says how its classes look, for map, legend and print alike.
(function () {
  "use strict";
  var geoaq = window.geoaq;

  // Draw a style of a layer's file at x, y; r is half its size.
  geoaq.draw_style = function (ctx, style, x, y, r) {
    ctx.beginPath();
    if (style.shape === "square") ctx.rect(x - r, y - r, 2 * r, 2 * r);
    else if (style.shape === "diamond") polygon(ctx, [[x, y - 1.2 * r], [x + 1.2 * r, y], [x, y + 1.2 * r], [x - 1.2 * r, y]]);
    else if (style.shape === "triangle") polygon(ctx, [[x, y - 1.2 * r], [x + 1.1 * r, y + 0.8 * r], [x - 1.1 * r, y + 0.8 * r]]);
    else if (style.shape === "cross") {
      ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r);
      ctx.moveTo(x + r, y - r); ctx.lineTo(x - r, y + r);
    } else ctx.arc(x, y, r, 0, 2 * Math.PI);
    if (style.fill) {
      ctx.globalAlpha = style.fill_opacity;
      ctx.fillStyle = style.fill;
      ctx.fill();
      ctx.globalAlpha = 1;
    }
    if (style.stroke) {
      ctx.lineWidth = style.stroke_px;
      ctx.strokeStyle = style.stroke;
      ctx.stroke();
    }
  };

  // The sign of those seen (x, y in pixels of the sheet) that lies nearest to an event; near: pixels squared, none beyond.
  geoaq.nearest_sign = function (sheet, seen, event, near) {
    if (!sheet._view || !sheet._map || !seen) return null;
    var at = sheet.place(event), best = null, nearest = near;
    seen.forEach(function (one) {
      var d = (one.x - at.x) * (one.x - at.x) + (one.y - at.y) * (one.y - at.y);
      if (d <= nearest) { nearest = d; best = one; }
    });
    return best;
  };

  // What a pointer finds on a sheet of signs: sheet() and keys() are those of now, tip(i) says what sign i is.
  geoaq.point_at_signs = function (room, id, sheet, keys, tip) {
    ["hover", "select"].forEach(function (name) { room.on(name, function () { if (sheet()) sheet().redraw(); }); });
    (room.pointers = room.pointers || []).push({
      order: 0,
      hit: function (event) {
        var layer = room.layer(id);
        return sheet() && layer && layer.shown ? sheet().hit(event) : null;
      },
      hover: function (one) { room.hover(one ? keys()[one.i] : null); },
      tip: function (one) { return tip(one.i); },
      click: function (one) { room.select(keys()[one.i], "map"); },
    });
  };

  function polygon(ctx, corners) {
    corners.forEach(function (at, i) { if (i) ctx.lineTo(at[0], at[1]); else ctx.moveTo(at[0], at[1]); });
    ctx.closePath();
  }

  // A style as a small picture of so many times its size, so that thousands are copied and not drawn.
  geoaq.style_picture = function (style, grow, ratio) {
    var r = (style.size_px / 2) * grow, half = Math.ceil(1.25 * r + style.stroke_px + 1);
    var canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.ceil(2 * half * ratio);
    var ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    geoaq.draw_style(ctx, style, half, half, r);
    return { canvas: canvas, half: half };
  };

  // The line of a legend that stands for a word: {style, title, rank}; the last lines are drawn first.
  geoaq.legend_lines = function (spec, name) {
    var found = {};
    spec.legend.forEach(function (line, rank) {
      if (line.when[name] !== undefined) found[line.when[name]] = { style: line.style, title: line.title, rank: rank };
    });
    return found;
  };

  // The word of fire_ages.toml for an age in hours: each is the most hours that it stands for.
  geoaq.age_word = function (spec, hours) {
    var words = spec.legend.map(function (line) { return line.when.age; }).filter(Boolean);
    return words.filter(function (word) { return hours <= Number(word); })[0] || "older";
  };
})();
