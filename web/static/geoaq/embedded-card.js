// The why card of a one-file map: as the server made it where it lies in the file, else put together from columns.
(function () {
  "use strict";
  var geoaq = window.geoaq;
  var RANK = { 0: 0, 1: 1, 2: 2, 3: 3 };

  geoaq.embedded_card = function (data, i, word) {
    if (data.cards) return unpacked(data.cards, data.cards.of[i]);
    var list = data.list, sign = geoaq.SIGNS[Number(list.sign[i])];
    var rules = data.findings ? findings(data.findings, i) : [];
    var lead_id = word("lead_rule", i);
    rules.sort(function (a, b) {
      return Number(b.rule_id === lead_id) - Number(a.rule_id === lead_id) || RANK[a.digit] - RANK[b.digit];
    });
    var lead = rules.filter(function (rule) { return rule.rule_id === lead_id; })[0];
    var anchor = anchor_of(data, word("anchor_id", i));
    return {
      key: list.key[i], subject_id: list.subject_id[i], title: [word("name", i), geoaq.own_number(list.subject_id[i])].filter(Boolean).join(" · "),
      synthetic: data.head.synthetic === true, lon: list.lon[i], lat: list.lat[i], sign: sign,
      headline: word("headline_value", i) ? { value: word("headline_value", i), unit: word("headline_unit", i),
        detail: word("headline_detail", i) } : null,
      anchor: anchor,
      tags: [{ sign: sign, text: word("tag", i) || geoaq.say("sign_" + sign) }],
      quote: lead && lead.quote ? { text: lead.quote, source: [lead.document, lead.article].filter(Boolean).join(""),
        timing: lead.timing } : null,
      facts: (list.limb_a ? [] : plant(word, i)).concat(list.facts.map(function (fact) {
        return { label: fact.label, text: fact.text[i] < 0 ? "" : list.words[fact.text[i]] };
      })).filter(function (fact) { return fact.text; }),
      flips: [], rules: rules, brakes: [], issues: [], links: [],
    };
  };

  // What geoaq.maps.packed made of a card: [-1, parts of a list…], [its keys, parts of an object…], or a plain value.
  function unpacked(table, n) {
    var part = table.parts[n];
    if (!Array.isArray(part)) return part;
    var inner = part.slice(1).map(function (k) { return unpacked(table, k); });
    if (part[0] < 0) return inner;
    var found = {};
    table.keys[part[0]].forEach(function (key, k) { found[key] = inner[k]; });
    return found;
  }

  // The line of the plant: name, size, distance with its error, whether it is confirmed, identity.
  function plant(word, i) {
    var far = word("distance_text", i);
    if (far) far = [far, geoaq.say("unit_km"), word("error_text", i)].filter(Boolean).join(" ");
    var id = word("anchor_id", i);
    return [{ label: geoaq.say("plant"), text: [word("anchor_name", i), word("anchor_size", i), far, word("anchor_state", i),
      id ? geoaq.say("plant_id", { id: id }) : ""]
      .filter(Boolean).join(" · ") }];
  }

  function anchor_of(data, id) {
    var found = null;
    ["chp_anchors", "coal_power_plants"].forEach(function (name) {
      (data.layers[name] || { features: [] }).features.forEach(function (feature) {
        if (!found && id && feature.properties.plant_id === id) {
          found = { id: id, name: feature.properties.name, lon: feature.geometry.coordinates[0],
            lat: feature.geometry.coordinates[1] };
        }
      });
    });
    return found;
  }

  function findings(table, i) {
    var all = [];
    function word(column, k) {
      var n = table[column][k];
      return n < 0 ? "" : table.words[n];
    }
    for (var k = table.start[i]; k < table.start[i + 1]; k++) {
      var rule = table.rules[table.rule[k]], sign = geoaq.SIGNS[Number(table.sign[k])];
      all.push({
        rule_id: rule.rule_id, digit: Number(table.sign[k]), sign: sign, tag: geoaq.say("short_" + sign),
        title: rule.title || rule.rule_id, source: rule.source || "", timing: word("timing", k),
        quote: rule.quote || "", document: rule.document || "", article: rule.article || "", strength: "",
        responsible: rule.responsible || "", action: null, conditions: condition(table, k, word),
        flips: [], contested: word("reasons", k) ? [word("reasons", k)] : [],
      });
    }
    return all;
  }

  // The measurement that decided, as the one line of the rule's conditions.
  function condition(table, k, word) {
    if (table.measured[k] === null) return [];
    var digit = table.sign[k];
    return [{ truth: digit === "3" ? "false" : digit === "2" ? "unknown" : "true", text: geoaq.say("quantity_" + word("quantity", k)),
      measured: text(table.measured[k]), limit: text(table.limit[k]), margin: text(table.margin[k]) }];
  }

  function text(value) {
    return value === null ? "" : String(Math.round(value * 1000) / 1000);
  }
})();
