/* What the page is made of: elements, lists that sort and filter, charts. Figures come as texts; they are read as numbers only to sort and to draw. */
"use strict";

var D = JSON.parse(document.getElementById("data").textContent);

function el(tag, attributes, children) {
  var made = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (name) {
    if (name === "on") Object.keys(attributes.on).forEach(function (event) { made.addEventListener(event, attributes.on[event]); });
    else if (attributes[name] !== null && attributes[name] !== undefined) made.setAttribute(name, attributes[name]);
  });
  [].concat(children === undefined ? [] : children).forEach(function (child) {
    if (child === null || child === undefined || child === "") return;
    made.appendChild(child.nodeType ? child : document.createTextNode(String(child)));
  });
  return made;
}

function number(text) {
  if (text === null || text === undefined || text === "") return null;
  if (text === "-" || text === "平" || text === "持平") return 0;
  var found = /^([▲▼-]?)([\d,]+(?:\.\d+)?)/.exec(text);
  if (!found) return null;
  var value = Number(found[2].replace(/,/g, ""));
  return found[1] === "▼" || found[1] === "-" ? -value : value;
}

/* A list as rows of texts: columns with few different texts are kept as numbers of them. */
function unpack(table) {
  if (!table || table.ready) return table;
  table.at = {};
  table.columns.forEach(function (column, place) {
    table.at[column.key] = place;
    if (column.words) table.rows.forEach(function (row) { row[place] = column.words[row[place]]; });
  });
  table.rows.forEach(function (row, place) { row.place = place; });
  table.ready = true;
  return table;
}

function listed(name) { return unpack(D.tables[name]); }

function rowsWhere(name, key, value) {
  var table = listed(name);
  if (!table) return [];
  return table.rows.filter(function (row) { return row[table.at[key]] === value; });
}

var NUMBERS = { count: 1, yuan: 1, wan: 1, amount: 1, rate: 1, points: 1, number: 1, change: 1 };
var STEP = 200;

function sorted(rows, place, look, down) {
  var key = NUMBERS[look] ? function (row) { return number(row[place]); } : function (row) { return row[place] || null; };
  return rows.map(function (row, order) { return { row: row, key: key(row), order: order }; }).sort(function (a, b) {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.order - b.order;
    var way = NUMBERS[look] ? a.key - b.key : (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
    return (down ? -way : way) || a.order - b.order;
  }).map(function (one) { return one.row; });
}

/* options: rows, title, link(row) → where a row leads, on: the column that bears the link, filter, without: columns left out, total, cell(column, row, text). */
function list(name, options) {
  var table = listed(name);
  if (!table) return null;
  return listOf(table, options || {});
}

function listOf(table, options) {
  var columns = table.columns.map(function (column, place) { return { key: column.key, label: column.label, look: column.look, hidden: column.hidden, place: place }; })
    .filter(function (column) { return !column.hidden && (options.without || []).indexOf(column.key) < 0; });
  var all = options.rows || table.rows;
  if (options.compact) columns = columns.filter(function (column) { return all.some(function (row) { return row[column.place] !== "" && row[column.place] !== null; }); });
  var state = { column: null, down: false, shown: STEP, word: "" };
  var body = el("tbody"), more = el("p", { class: "more" }), count = el("span", { class: "count" });
  var heads = columns.map(function (column) {
    /* no button element: a head repeated on paper would leave it out */
    var button = el("span", { role: "button", tabindex: "0", title: "排序：" + column.label, on: { click: function () { sort(column); }, keydown: function (event) {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); sort(column); }
    } } }, column.label);
    return el("th", { scope: "col", class: NUMBERS[column.look] ? "n" : "t", "aria-sort": "none" }, button);
  });
  function sort(column) {
    state.down = state.column === column ? !state.down : !!NUMBERS[column.look];
    state.column = column;
    heads.forEach(function (head, place) {
      head.setAttribute("aria-sort", columns[place] === column ? (state.down ? "descending" : "ascending") : "none");
    });
    say((options.title || table.title) + "按" + column.label + (state.down ? "从大到小" : "从小到大"));
    draw();
  }
  function chosen() {
    var rows = all;
    if (state.word) rows = rows.filter(function (row) {
      return columns.some(function (column) { return String(row[column.place]).indexOf(state.word) >= 0; });
    });
    return state.column ? sorted(rows, state.column.place, state.column.look, state.down) : rows;
  }
  function draw() {
    var rows = chosen();
    body.textContent = "";
    rows.slice(0, state.shown).forEach(function (row) { body.appendChild(line(row)); });
    count.textContent = state.word ? rows.length.toLocaleString("en") + " / " + all.length.toLocaleString("en") + " 行" : all.length.toLocaleString("en") + " 行";
    more.textContent = "";
    if (rows.length > state.shown) {
      more.appendChild(el("button", { type: "button", on: { click: function () { state.shown = rows.length; draw(); } } }, "其余 " + (rows.length - state.shown).toLocaleString("en") + " 行也显示"));
    }
  }
  function line(row) {
    var where = options.link ? options.link(row) : null;
    return el("tr", where ? { class: "leads", on: { click: function (event) { if (event.target.tagName !== "A" && !String(window.getSelection())) go(where); } } } : {}, columns.map(function (column) {
      var text = row[column.place];
      var inner = where && column.key === options.on ? el("a", { href: where }, text || "（空）") : text;
      if (options.cell) inner = options.cell(column, row, inner) || inner;
      var shade = table.shades && table.shades[row.place] ? " s" + table.shades[row.place][column.place] : "";
      return el("td", { class: (NUMBERS[column.look] ? "n" : "t") + (/^缺/.test(text) ? " lacks" : text === "0" || text === "-" ? " z" : "") + shade + " c-" + column.key.replace(/[^a-z_]/g, "-") }, inner);
    }));
  }
  draw();
  var totals = table.totals && !options.rows ? el("tr", { class: "totals" }, columns.map(function (column) {
    return el("td", { class: NUMBERS[column.look] ? "n" : "t" }, table.totals[column.place]);
  })) : null;
  var title = options.title || table.title;
  var filter = options.filter && all.length > 12 ? el("input", { type: "search", placeholder: "筛选，如户号、姓名、机构", "aria-label": "筛选" + title, on: {
    input: function (event) { state.word = event.target.value.trim(); state.shown = STEP; draw(); }
  } }) : null;
  var grid = el("table", { "aria-label": title }, [el("thead", {}, [el("tr", {}, heads), totals]), body]);
  grid.addEventListener("keydown", walk);
  var box = el("div", { class: "list" }, [el("div", { class: "bar" }, [el("h3", {}, title), count, filter]), el("div", { class: "wide", tabindex: "-1" }, grid), more]);
  box.whole = function () { state.shown = all.length; draw(); };
  return box;
}

/* Arrows walk: left and right over the heads, up and down over the rows' links. */
function walk(event) {
  var here = document.activeElement, head = here.closest && here.closest("th"), link = here.tagName === "A" ? here.closest("tr") : null;
  var to = null;
  if (head && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
    var next = event.key === "ArrowRight" ? head.nextElementSibling : head.previousElementSibling;
    to = next && next.querySelector("[role=button]");
  } else if (head && event.key === "ArrowDown") {
    to = event.currentTarget.querySelector("tbody a");
  } else if (link && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    var row = event.key === "ArrowDown" ? link.nextElementSibling : link.previousElementSibling;
    to = row ? row.querySelector("a") : event.key === "ArrowUp" ? event.currentTarget.querySelector("th [role=button]") : null;
  }
  if (to) { event.preventDefault(); to.focus(); }
}

function say(text) { document.getElementById("said").textContent = text; }

function go(where) {
  if (where.charAt(0) === "#") location.hash = where; else location.href = where;
}

/* Charts: uPlot draws, the texts are ours. */
var INK = "#1F3864", MID = "#8EA9DB", LINE = "#D9D9D9", FONT = '12px "Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif';

function axis(values, size, extra) {
  var made = { stroke: "#404040", font: FONT, grid: { stroke: LINE, width: 1 }, ticks: { show: false }, values: values, size: size };
  Object.keys(extra || {}).forEach(function (key) { made[key] = extra[key]; });
  return made;
}

function spread(values) {
  var known = values.filter(function (value) { return value !== null; });
  var low = Math.min.apply(null, known), high = Math.max.apply(null, known), room = (high - low) * 0.15 || Math.abs(high) * 0.05 || 1;
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

function drawing(host, options, data) {
  var width = Math.max(host.clientWidth, 200);
  options.width = width;
  options.cursor = options.cursor || { show: false };
  options.legend = { show: false };
  options.padding = [14, 16, 0, 8];
  return new uPlot(options, data, host);
}

/* A line over months; where a month was not run it is broken. Each point bears its text. */
function trend(host, figure, months, height) {
  var values = figure.trend.map(number), places = months.map(function (_, place) { return place; });
  drawing(host, {
    height: height,
    scales: { x: { time: false, range: [-0.4, months.length - 0.6] }, y: { range: spread(values) } },
    series: [{}, { stroke: INK, width: 2, points: { show: true, size: 8, fill: INK, stroke: INK }, spanGaps: false }],
    axes: [
      axis(function (_, ticks) { return ticks.map(function (at) { return months[at] ? months[at].slice(2) : ""; }); }, 28, { grid: { show: false }, splits: function () { return every(places, 13); } }),
      { show: false }
    ],
    hooks: { draw: [function (plot) { labels(plot, figure.trend, values); }] }
  }, [places, values]);
}

function every(places, most) {
  var step = Math.ceil(places.length / most);
  return places.filter(function (place) { return (places.length - 1 - place) % step === 0; });
}

/* The texts of the points, from the newest back, each where it does not lie on one that is there. */
function labels(plot, texts, values) {
  var pen = plot.ctx, ratio = uPlot.pxRatio || 1, taken = Infinity;
  pen.save();
  pen.fillStyle = INK; pen.textAlign = "center"; pen.textBaseline = "alphabetic"; pen.font = Math.round(12 * ratio) + 'px "Microsoft YaHei","Noto Sans CJK SC",sans-serif';
  for (var place = values.length - 1; place >= 0; place--) {
    if (values[place] === null) continue;
    var half = pen.measureText(texts[place]).width / 2, left = plot.bbox.left, right = left + plot.bbox.width;
    var x = Math.min(Math.max(plot.valToPos(place, "x", true), left + half), right - half);
    if (x + half + 8 * ratio > taken) continue;
    pen.fillText(texts[place], x, plot.valToPos(values[place], "y", true) - 10 * ratio);
    taken = x - half;
  }
  pen.fillStyle = "#7F7F7F";
  for (var from = 0; from < values.length; from++) {
    var to = from;
    while (to < values.length && values[to] === null) to++;
    if (to - from > 2) pen.fillText("这几个月没有数", plot.valToPos((from + to - 1) / 2, "x", true), plot.bbox.top + plot.bbox.height / 2);
    from = to;
  }
  pen.restore();
}

/* The same line in a card, without words. */
function spark(host, figure) {
  var values = figure.trend.map(number), last = values.length - 1;
  new uPlot({
    width: host.clientWidth, height: host.clientHeight, padding: [4, 4, 4, 4], cursor: { show: false }, legend: { show: false },
    scales: { x: { time: false, range: [-0.4, last + 0.4] }, y: { range: spread(values) } },
    axes: [{ show: false }, { show: false }],
    series: [{}, { stroke: MID, width: 2, points: { show: true, size: 4, fill: INK, stroke: INK } }]
  }, [values.map(function (_, place) { return place; }), values], host);
}

/* Columns with their names below and, where there is one, the line of the mean. */
function columns(host, chart, height) {
  var values = chart.bars.map(function (bar) { return number(bar[1]); }), places = values.map(function (_, place) { return place; });
  var mean = number(chart.mean);
  drawing(host, {
    height: height,
    scales: { x: { time: false, range: [-0.6, values.length - 0.4] }, y: { range: [0, Math.max.apply(null, values) * 1.12 || 1] } },
    series: [{}, { stroke: MID, fill: MID, points: { show: false }, paths: uPlot.paths.bars({ size: [0.7, 60] }) }],
    axes: [
      axis(function (_, ticks) { return ticks.map(function (at) { return chart.bars[at] ? chart.bars[at][0] : ""; }); }, 30, { grid: { show: false }, splits: function () { return every(places, Math.max(4, Math.floor(host.clientWidth / 44))); }, font: FONT.replace("12px", "11px") }),
      axis(function (_, ticks) { return ticks.map(String); }, 40)
    ],
    hooks: { draw: [function (plot) {
      var pen = plot.ctx, ratio = uPlot.pxRatio || 1;
      pen.save();
      pen.fillStyle = "#404040"; pen.textAlign = "center"; pen.textBaseline = "alphabetic"; pen.font = Math.round(10 * ratio) + "px sans-serif";
      if (values.length <= 40) chart.bars.forEach(function (bar, place) {
        pen.fillText(bar[1].replace(/\.00$/, ""), plot.valToPos(place, "x", true), plot.valToPos(values[place], "y", true) - 4 * ratio);
      });
      if (mean !== null) {
        var y = Math.round(plot.valToPos(mean, "y", true)), left = plot.bbox.left;
        pen.strokeStyle = "#C00000"; pen.lineWidth = ratio; pen.setLineDash([5 * ratio, 4 * ratio]);
        pen.beginPath(); pen.moveTo(left, y); pen.lineTo(left + plot.bbox.width, y); pen.stroke();
        pen.fillStyle = "#C00000"; pen.textAlign = "right"; pen.textBaseline = "alphabetic"; pen.font = Math.round(11 * ratio) + "px sans-serif";
        pen.fillText("平均 " + chart.mean, left + plot.bbox.width, y - 5 * ratio);
      }
      pen.restore();
    }] }
  }, [places, values]);
}
