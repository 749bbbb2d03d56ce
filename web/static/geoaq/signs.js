// Signs of the subjects: shape and colour both carry the meaning, on the map and in the legend.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var SVG = "http://www.w3.org/2000/svg";

  geoaq.SIGNS = ["applies", "encouraged", "review", "not", "none"];
  geoaq.COLOURS = { applies: "#b3361e", encouraged: "#d98e04", review: "#34568b", not: "#8a8478", none: "#8a8478" };
  var PAPER = "#fffdf8", ENCOURAGED_EDGE = "#9a6300"; // the edge, as the filling alone is too light on paper

  // The signs of a legend: "none" only where some subject has it; no rule invites anybody to consult.
  geoaq.signs_shown = function (counts) {
    return geoaq.SIGNS.filter(function (sign) {
      var rare = sign === "none" || (sign === "encouraged" && geoaq.view === "border");
      return !rare || (counts && counts[sign]);
    });
  };

  // Draw one sign at x, y; r is the radius of the filled circle.
  geoaq.draw_sign = function (ctx, sign, x, y, r) {
    ctx.beginPath();
    ctx.setLineDash([]);
    if (sign === "applies") {
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      fill(ctx, geoaq.COLOURS.applies, PAPER, 1);
    } else if (sign === "encouraged") {
      var d = r * 1.22;
      ctx.moveTo(x, y - d); ctx.lineTo(x + d, y); ctx.lineTo(x, y + d); ctx.lineTo(x - d, y);
      ctx.closePath();
      fill(ctx, geoaq.COLOURS.encouraged, ENCOURAGED_EDGE, 1);
    } else if (sign === "review") {
      ctx.arc(x, y, r * 0.9, 0, 2 * Math.PI);
      ctx.setLineDash([r * 0.52, r * 0.36]);
      fill(ctx, PAPER, geoaq.COLOURS.review, r * 0.42);
      ctx.setLineDash([]);
    } else if (sign === "none") {
      var a = r * 0.5;
      ctx.moveTo(x - a, y - a); ctx.lineTo(x + a, y + a);
      ctx.moveTo(x + a, y - a); ctx.lineTo(x - a, y + a);
      ctx.strokeStyle = geoaq.COLOURS.none;
      ctx.lineWidth = Math.max(1, r * 0.28);
      ctx.stroke();
    } else {
      ctx.arc(x, y, r * 0.64, 0, 2 * Math.PI);
      fill(ctx, PAPER, geoaq.COLOURS.not, Math.max(1, r * 0.28));
    }
  };

  function fill(ctx, inside, line, width) {
    ctx.fillStyle = inside;
    ctx.fill();
    ctx.strokeStyle = line;
    ctx.lineWidth = width;
    ctx.stroke();
  }

  // The signs as small pictures, so that a hundred thousand are copied and not drawn.
  geoaq.sprites = function (r, ratio) {
    var half = Math.ceil(r * 1.22 + 2);
    var pictures = geoaq.SIGNS.map(function (sign) {
      var canvas = document.createElement("canvas");
      canvas.width = canvas.height = 2 * half * ratio;
      var ctx = canvas.getContext("2d");
      ctx.scale(ratio, ratio);
      geoaq.draw_sign(ctx, sign, half, half, r);
      return canvas;
    });
    return { pictures: pictures, half: half };
  };

  function svg(tag, attributes, parent) {
    var node = document.createElementNS(SVG, tag);
    Object.keys(attributes).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    if (parent) parent.appendChild(node);
    return node;
  }

  function swatch() {
    return svg("svg", { width: 20, height: 16, viewBox: "0 0 20 16", class: "swatch", "aria-hidden": "true" });
  }

  geoaq.sign_swatch = function (sign) {
    var picture = swatch();
    if (sign === "applies") svg("circle", { cx: 10, cy: 8, r: 5.2, fill: "#b3361e" }, picture);
    else if (sign === "encouraged") svg("path", { d: "M10 1.8 16.2 8 10 14.2 3.8 8Z", fill: "#d98e04", stroke: ENCOURAGED_EDGE }, picture);
    else if (sign === "review") {
      svg("circle", { cx: 10, cy: 8, r: 4.8, fill: PAPER, stroke: "#34568b", "stroke-width": 2.2,
        "stroke-dasharray": "2.7 1.9" }, picture);
    } else if (sign === "none") {
      svg("path", { d: "M7 5 13 11M13 5 7 11", fill: "none", stroke: "#8a8478", "stroke-width": 1.5 }, picture);
    } else svg("circle", { cx: 10, cy: 8, r: 3.5, fill: PAPER, stroke: "#8a8478", "stroke-width": 1.5 }, picture);
    return picture;
  };

  // The swatch of a layer's style, as its own file declares it.
  geoaq.style_swatch = function (style, geometry) {
    var picture = swatch();
    var line = { stroke: style.stroke || "none", "stroke-width": Math.min(style.stroke_px, 2),
      fill: style.fill || "none", "fill-opacity": style.fill ? style.fill_opacity : 0 };
    if (style.dash_px.length) line["stroke-dasharray"] = style.dash_px.map(function (n) { return n / 2; }).join(" ");
    if (style.shape !== "none") point_swatch(picture, style, line);
    else if (geometry === "line" || !style.fill) {
      line["stroke-width"] = Math.max(1.2, style.stroke_px);
      line.fill = "none";
      svg("path", Object.assign(line, { d: "M1 12 7 5 13 9 19 3" }), picture);
    } else {
      line["fill-opacity"] = Math.max(style.fill_opacity, 0.16);
      svg("rect", Object.assign(line, { x: 1.5, y: 2.5, width: 17, height: 11, rx: 3 }), picture);
      if (style.hatch) hatch(picture, style.stroke || "#8a8478");
    }
    return picture;
  };

  function point_swatch(picture, style, line) {
    var r = Math.min(style.size_px, 10) / 2 + 0.5;
    if (style.shape === "square") {
      svg("rect", Object.assign(line, { x: 10 - r, y: 8 - r, width: 2 * r, height: 2 * r }), picture);
    } else if (style.shape === "diamond") {
      svg("rect", Object.assign(line, { x: 10 - r, y: 8 - r, width: 2 * r, height: 2 * r,
        transform: "rotate(45 10 8)" }), picture);
    } else if (style.shape === "triangle") {
      svg("path", Object.assign(line, { d: "M10 " + (8 - 1.2 * r) + "L" + (10 + 1.1 * r) + " " + (8 + 0.8 * r) + "H" + (10 - 1.1 * r) + "Z" }), picture);
    } else if (style.shape === "cross") {
      svg("path", Object.assign(line, { d: "M" + (10 - r) + " " + (8 - r) + "l" + 2 * r + " " + 2 * r + "m0 " + -2 * r + "l" + -2 * r + " " + 2 * r }), picture);
    } else svg("circle", Object.assign(line, { cx: 10, cy: 8, r: r }), picture);
  }

  function hatch(picture, colour) {
    svg("path", { d: "M3 13 11 3M7.5 13 15.500 3M12 13 18 5.500", stroke: colour, "stroke-width": 0.9,
      "stroke-opacity": 0.7, fill: "none" }, picture);
  }

  geoaq.missing_swatch = function () {
    var picture = swatch();
    svg("rect", { x: 1.5, y: 2.5, width: 17, height: 11, rx: 3, fill: "none", stroke: "#8a8478", "stroke-width": 1,
      "stroke-dasharray": "2 1.6" }, picture);
    hatch(picture, "#8a8478");
    return picture;
  };

  // Icons of the tools: one path each on a 20 by 20 field.
  var ICONS = {
    zoom_in: "M10 4v12M4 10h12", zoom_out: "M4 10h12",
    home: "M4 9.500 10 4l6 5.500M6 8.500V16h8V8.500",
    measure: "M3.500 13 13 3.500l3.500 3.500L7 16.500ZM6 10.500l1.500 1.500M8.500 8l2 2M11 5.500l1.500 1.500",
    place: "M10 17s-5-4.600-5-8.500a5 5 0 0 1 10 0C15 12.400 10 17 10 17ZM10 10.200a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400Z",
    draw: "M4 6.500 11 4l5 5-3.500 7H6ZM4 6.500 6 16",
    full: "M4 7.500V4h3.500M12.500 4H16v3.500M16 12.500V16h-3.500M7.500 16H4v-3.500",
    print: "M6 8V4h8v4M6 14H4V8h12v6h-2M6 12h8v4H6Z",
    close: "M5.500 5.500l9 9M14.500 5.500l-9 9", up: "M5 12l5-5 5 5", down: "M5 8l5 5 5-5",
    list: "M4 6h12M4 10h12M4 14h12", layers: "M10 4l7 3.500-7 3.500-7-3.500ZM3 11l7 3.500 7-3.500",
    more: "M5 10h.01M10 10h.01M15 10h.01", link: "M8.500 11.500l3-3M9.500 6.500l1.500-1.500a2.800 2.800 0 0 1 4 4l-1.500 1.500M10.500 13.500 9 15a2.800 2.800 0 0 1-4-4l1.500-1.500",
    here: "M10 3v3M10 14v3M3 10h3M14 10h3M10 6.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7Z",
    play: "M7 5l8 5-8 5Z", pause: "M7.500 5v10M12.500 5v10",
    why: "M10 9.500V14M10 6.200v.4M10 3.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13Z",
  };
  geoaq.icon = function (name) {
    var picture = svg("svg", { width: 20, height: 20, viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" });
    svg("path", { d: ICONS[name], fill: "none", stroke: "currentColor", "stroke-width": 1.5,
      "stroke-linecap": "round", "stroke-linejoin": "round" }, picture);
    return picture;
  };
})();
