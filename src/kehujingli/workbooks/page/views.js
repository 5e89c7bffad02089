/* What the page shows: the county, a branch, a manager, an item, a customer; where one is, and how one gets back. */

var main = document.getElementById("main"), nav = document.querySelector("nav"), up = "", drawn = [];

function section(id, title, children) {
  return el("section", { id: id, "aria-labelledby": "h-" + id }, [el("h2", { id: "h-" + id }, title)].concat(children));
}

function hash() { return "#/" + [].slice.call(arguments).map(encodeURIComponent).join("/"); }

function branchName(branch) { return D.branches[branch] || branch || "没有机构"; }

function later(draw) { drawn.push(draw); }

function managerLink(table) {
  return function (row) { var who = row[table.at.manager_id]; return D.managers[who] ? hash("m", who) : null; };
}

function bars(table) {
  return function (column, row, inner) {
    if (!table.bars || !table.bars[column.key]) return null;
    var full = table.bars[column.key][row.place], fill = el("i", { class: full > 100 ? "over" : "" });
    fill.style.width = Math.min(full, 100) + "%";
    return el("span", { class: "full" }, [fill, el("b", {}, inner)]);
  };
}

/* County */
function countyView() {
  var parts = [figures()];
  parts.push(el("div", { class: "pair" }, [trendBox(), gridBox()]));
  var branches = listed("branches");
  parts.push(section("branches", "机构", list("branches", { title: "各机构（户、万元）", link: function (row) { return hash("b", row[branches.at.branch_id]); }, on: "branch_name", filter: true })));
  parts.push(section("movement", "变动", movement()));
  if (listed("scores")) {
    var scores = listed("scores");
    parts.push(section("scores", "考核", [chartBox(D.chart), list("scores", { link: managerLink(scores), on: "name", filter: true }), payBox(null)]));
  }
  if (listed("loads")) {
    var loads = listed("loads");
    parts.push(section("loads", "负荷", list("loads", { title: "本期方案（折算户、户、万元）", link: managerLink(loads), on: "name", filter: true, cell: bars(loads) })));
  }
  return { title: D.head.month, trail: [], parts: parts, jumps: [["figures", "十个数"], ["branches", "机构"], ["movement", "变动"], ["scores", "考核"], ["loads", "负荷"]] };
}

var picked = null;

function figures() {
  var row = el("div", { class: "cards", role: "group", "aria-label": "十个数，选一个看走势" });
  D.figures.forEach(function (figure, place) {
    row.appendChild(el("button", { type: "button", class: "card", "data-key": figure.key, "aria-pressed": "false", on: { click: function () { pick(figure); } } }, [
      el("span", { class: "label" }, (place + 1) + " " + figure.label),
      figure.lacks ? el("strong", { class: "lacks" }, figure.lacks) : el("strong", {}, [figure.value, figure.unit ? el("small", {}, figure.unit) : null]),
      el("span", { class: "change" }, /^[▲▼持]/.test(figure.change) ? "较上月 " + figure.change : figure.change),
      figure.trend.filter(function (text) { return text !== null; }).length > 1 ? el("span", { class: "plot spark", "aria-hidden": "true" }) : null
    ]));
    var host = row.lastChild.querySelector(".spark");
    if (host) later(function () { spark(host, figure); });
  });
  return section("figures", "十个数", row);
}

function trendBox() {
  var box = el("div", { class: "box", id: "trend" }, [el("h3"), el("p", { class: "note" }), el("div", { class: "plot", role: "img" })]);
  later(function () { pick(D.figures.filter(function (one) { return one.key === (picked || "deposits"); })[0] || D.figures[0]); });
  return box;
}

function pick(figure) {
  if (!figure) return;
  picked = figure.key;
  [].forEach.call(document.querySelectorAll(".card"), function (card) { card.setAttribute("aria-pressed", String(card.getAttribute("data-key") === figure.key)); });
  var box = document.getElementById("trend");
  if (!box) return;
  box.querySelector("h3").textContent = figure.label + (figure.unit ? "（" + figure.unit + "）" : "");
  box.querySelector(".note").textContent = figure.lacks || figure.note;
  var host = box.querySelector(".plot"), known = [];
  D.months.forEach(function (month, place) { if (figure.trend[place] !== null) known.push(month + " " + figure.trend[place]); });
  host.textContent = "";
  host.setAttribute("aria-label", figure.label + "：" + (known.join("，") || figure.lacks));
  if (known.length > 1) trend(host, figure, D.months, 222);
  else host.appendChild(el("p", { class: "empty" }, known.length ? "只有 " + known[0] + "；再跑一个月就有走势。" : figure.lacks));
}

function gridBox() {
  var box = el("div", { class: "box", id: "grid" }), holder = el("div"), tabs = el("div", { class: "tabs", role: "group", "aria-label": "户群看什么" });
  function show(grid) {
    [].forEach.call(tabs.children, function (tab, place) { tab.setAttribute("aria-pressed", String(D.grids[place] === grid)); });
    holder.textContent = "";
    holder.appendChild(el("table", { class: "grid", "aria-label": "户群：" + grid.title }, [
      el("thead", {}, el("tr", {}, [el("td")].concat(grid.across.map(function (head) { return el("th", { scope: "col" }, head); })))),
      el("tbody", {}, grid.rows.map(function (row, line) {
        return el("tr", {}, [el("th", { scope: "row" }, grid.down[line])].concat(row.map(function (cell) {
          return el("td", { class: "g" + cell[2] }, [el("b", {}, cell[0]), cell[1] ? el("small", {}, cell[1]) : null]);
        })));
      }))
    ]));
  }
  D.grids.forEach(function (grid) {
    tabs.appendChild(el("button", { type: "button", on: { click: function () { show(grid); } } }, grid.title + (grid.unit === "户" ? "" : "（" + grid.unit + "）")));
  });
  box.appendChild(el("div", { class: "bar" }, [el("h3", {}, "户群"), tabs]));
  box.appendChild(holder);
  show(D.grids[0]);
  return box;
}

function movement() {
  if (D.movement.lacks) return el("p", { class: "lacks" }, D.movement.lacks);
  return [el("ul", { class: "lines" }, D.movement.lines.map(function (text) { return el("li", {}, text); })),
    list("movement", { title: "从哪一类（行）到了哪一类（列），户；浅色一格是没有换的" })];
}

function chartBox(chart) {
  if (!chart) return null;
  var host = el("div", { class: "plot", role: "img", "aria-label": chart.title + "：" + chart.bars.map(function (bar) { return bar[0] + " " + bar[1]; }).join("，") });
  later(function () { columns(host, chart, 210); });
  return el("div", { class: "box" }, [el("h3", {}, "得分：" + chart.title), host]);
}

function payBox(rows) {
  var pay = listed("pay");
  if (!pay || (rows && !rows.length)) return null;
  return list("pay", { rows: rows, link: managerLink(pay), on: "name", filter: !rows });
}

/* Branch */
function branchView(branch) {
  var table = listed("branches"), own = rowsWhere("branches", "branch_id", branch)[0];
  var parts = [];
  if (own) parts.push(tiles(table.columns.map(function (column, place) { return [column.label, own[place], unit(column)]; }).slice(2)));
  if (D.files && D.files[branch]) parts.push(el("p", { class: "file" }, el("a", { href: D.files[branch] }, "这个机构的客户和每一项的由来在另一个文件里：" + branchName(branch))));
  var scores = listed("scores"), loads = listed("loads"), customers = listed("customers");
  if (scores) parts.push(section("scores", "考核", [list("scores", { rows: rowsWhere("scores", "branch_id", branch), link: managerLink(scores), on: "name", without: ["branch_name"] }), payBox(rowsWhere("pay", "branch_id", branch))]));
  if (loads) parts.push(section("loads", "负荷", list("loads", { title: "本期方案（折算户、户、万元）", rows: rowsWhere("loads", "branch_id", branch), link: managerLink(loads), on: "name", without: ["branch_name"], cell: bars(loads) })));
  if (customers) parts.push(section("customers", "客户", list("customers", { rows: rowsWhere("customers", "branch_id", branch), link: customerLink, on: "customer_name", filter: true })));
  return { title: branchName(branch), trail: [["机构 " + branchName(branch), hash("b", branch)]], parts: parts };
}

function unit(column) { return { wan: "万元", count: /数$|较/.test(column.label) ? "" : "户" }[column.look] || ""; }

function tiles(pairs) {
  return el("dl", { class: "tiles" }, pairs.filter(function (pair) { return pair[1] !== ""; }).map(function (pair) {
    return el("div", {}, [el("dt", {}, pair[0]), el("dd", {}, [pair[1], pair[2] ? el("small", {}, pair[2]) : null])]);
  }));
}

function customerLink(row) { return hash("c", row[listed("customers").at.customer_id]); }

/* Manager */
function managerView(who) {
  var person = D.managers[who];
  if (!person) return missingView(who);
  var items = listed("items"), customers = listed("customers"), parts = [tiles(person.tiles)];
  if (items) parts.push(section("items", "各项", list("items", { rows: rowsWhere("items", "manager_id", who), link: function (row) {
    var item = row[items.at.item_id];
    if (D.files && D.files[person.branch]) return D.files[person.branch] + hash("m", who, item);
    return hash("m", who, item);
  }, on: "item", compact: true })));
  if (person.adjustments.length) parts.push(section("adjustments", "加减分", plain(["日期", "加减", "事由", "依据", "导出的哪一行"], person.adjustments, "加减分")));
  var loads = listed("loads");
  var pay = payBox(rowsWhere("pay", "manager_id", who));
  if (pay) parts.push(section("pay", "薪酬", pay));
  if (loads && rowsWhere("loads", "manager_id", who).length) parts.push(section("loads", "负荷", list("loads", { title: "本期方案（折算户、户、万元）", rows: rowsWhere("loads", "manager_id", who), without: ["branch_name", "manager_id", "name"], cell: bars(loads) })));
  if (customers) parts.push(section("customers", "名下客户", list("customers", { title: "客户分类（元）", rows: rowsWhere("customers", "holder_id", who), link: customerLink, on: "customer_name", filter: true, without: ["manager_name"] })));
  else if (D.files && D.files[person.branch]) parts.push(el("p", { class: "file" }, el("a", { href: D.files[person.branch] + hash("m", who) }, "名下客户在另一个文件里：" + branchName(person.branch))));
  return { title: who + " " + person.name, trail: trailOf(person.branch).concat([[who + " " + person.name, hash("m", who)]]), parts: parts };
}

function trailOf(branch) { return branch in D.branches ? [["机构 " + branchName(branch), hash("b", branch)]] : []; }

function plain(heads, rows, title) {
  return el("div", { class: "wide plain" }, el("table", { "aria-label": title }, [
    el("thead", {}, el("tr", {}, heads.map(function (head) { return el("th", { scope: "col", class: "t" }, head); }))),
    el("tbody", {}, rows.map(function (row) { return el("tr", {}, row.map(function (cell) { return el("td", { class: "t" + (String(cell).length > 30 ? " long" : "") }, cell); })); }))
  ]));
}

/* Item */
function itemView(who, item) {
  var person = D.managers[who], items = listed("items");
  var row = items && rowsWhere("items", "manager_id", who).filter(function (one) { return one[items.at.item_id] === item; })[0];
  if (!person || !row) return missingView(item);
  function of(key) { return row[items.at[key]]; }
  var parts = [tiles([["得分", of("item_points"), "分"], ["标准分", of("points"), "分"], ["实绩", of("actual"), of("unit")], ["任务", of("target"), of("unit")], ["完成率", of("completion"), ""]])];
  parts.push(el("ul", { class: "lines" }, [["计分过程", "working"], ["上下限", "clamp"], ["来源", "source"], ["下一步", "next_step"]].filter(function (pair) { return of(pair[1]); }).map(function (pair) { return el("li", {}, pair[0] + "：" + of(pair[1])); })));
  var part = D.parts[who + "/" + item];
  if (part) parts.push(section("parts", "由哪些户合成", [el("p", {}, part.sum), listOf(partsTable(part), { link: function (one) { return known(one.customer) ? hash("c", one.customer) : null; }, on: "customer", filter: true, compact: true })]));
  else if (!D.public) parts.push(el("p", {}, "这一项没有归到名下的客户、账户或借据。"));
  return { title: of("item"), trail: trailOf(person.branch).concat([[who + " " + person.name, hash("m", who)], [of("item"), hash("m", who, item)]]), parts: parts };
}

function known(customer) { return customerRow(customer) !== null; }

var byId = null;

function customerRow(customer) {
  var table = listed("customers");
  if (!table) return null;
  if (!byId) { byId = {}; table.rows.forEach(function (row) { byId[row[table.at.customer_id]] = row; }); }
  return byId[customer] || null;
}

function partsTable(part) {
  var customers = listed("customers");
  var columns = [["customer", "客户号", "text"], ["name", "客户名称", "text"], ["what", "账户、借据或产品", "text"], ["top", "这一户的", "amount"], ["below", "除以", "amount"], ["base", "其中基数", "amount"], ["share", "份额", "text"], ["place", "导出的哪一行", "text"]];
  var rows = part.rows.map(function (one, place) {
    var row = customerRow(one[0]), name = row ? row[customers.at.customer_name] : "";
    var made = [one[0], name, one[1], one[2], one[3], one[4], one[5], places(part, one)];
    made.customer = one[0]; made.place = place;
    return made;
  });
  return { title: "大的在前", columns: columns.map(function (column) { return { key: column[0], label: column[1], look: column[2] }; }), rows: rows };
}

function places(part, one) {
  var behind = one[6], own = D.rows[one[0]] || [[], []];
  if (Array.isArray(behind)) return behind.map(function (event) { return Array.isArray(event) ? event[0] + "，" + place(event[1], event[2]) : "更早的 " + event + " 行"; }).join("；");
  if (behind) { var row = own[behind.charAt(0) === "a" ? 0 : 1][Number(behind.slice(1))]; return row ? placeOf(row) : ""; }
  var rows = part.behind === "accounts" ? own[0] : part.behind === "loans" ? own[1] : [];
  return rows.slice(0, 3).map(placeOf).join("；") + (rows.length > 3 ? "；共 " + rows.length + " 行" : "");
}

function placeOf(row) { return place(row[row.length - 2], row[row.length - 1]); }

function place(part, row) { return part < 0 || !D.inputs[part] ? "" : D.inputs[part] + "第 " + row + " 行"; }

/* Customer */
function customerView(customer) {
  var table = listed("customers"), row = customerRow(customer);
  if (!row) return missingView(customer);
  var holder = row[table.at.holder_id], branch = row[table.at.branch_id], name = row[table.at.customer_name];
  var parts = [tiles(table.columns.map(function (column, place) { return column.hidden || column.key === "customer_id" || column.key === "customer_name" ? ["", ""] : [column.label, row[place], column.look === "yuan" && row[place] !== "-" ? "元" : ""]; }))];
  var own = D.rows[customer] || [[], []];
  if (own[0].length) parts.push(section("accounts", "存款账户", plain(["账号", "种类", "余额（元）", "年日均（元）", "导出的哪一行"], own[0].map(withPlace), "存款账户")));
  if (own[1].length) parts.push(section("loans", "贷款", plain(["借据编号", "余额（元）", "五级分类", "逾期天数", "到期日期", "导出的哪一行"], own[1].map(withPlace), "贷款")));
  var trail = trailOf(branch);
  if (D.managers[holder]) trail.push([holder + " " + D.managers[holder].name, hash("m", holder)]);
  return { title: (customer + " " + name).trim(), trail: trail.concat([[(customer + " " + name).trim(), hash("c", customer)]]), parts: parts };
}

function withPlace(row) { return row.slice(0, -2).concat([placeOf(row)]); }

function missingView(what) {
  return { title: what, trail: [[what, location.hash]], parts: [el("p", { class: "lacks" }, "这个文件里没有“" + what + "”。")] };
}

/* Where one is */
function view() {
  var parts = location.hash.replace(/^#\/?/, "").split("/").map(function (part) {
    try { return decodeURIComponent(part); } catch (odd) { return part; }
  });
  if (parts[0] === "b") return branchView(parts[1] || "");
  if (parts[0] === "m") return parts.length > 2 ? itemView(parts[1], parts[2]) : managerView(parts[1]);
  if (parts[0] === "c") return customerView(parts[1]);
  return D.branch !== undefined ? branchView(D.branch) : countyView();
}

var places_seen = {}, shown = null;

function show() {
  if (location.hash && location.hash.indexOf("#/") !== 0) return;
  if (shown !== null) places_seen[shown] = window.pageYOffset;
  drawn = [];
  var told = view(), first = shown === null;
  shown = location.hash;
  main.textContent = "";
  told.parts.forEach(function (part) { [].concat(part).forEach(function (one) { if (one) main.appendChild(one); }); });
  var home = D.index ? D.index : "#/", trail = told.trail;
  if (D.branch !== undefined && trail.length && trail[0][1] === hash("b", D.branch)) trail[0][1] = "#/";
  nav.textContent = "";
  var steps = [["全辖", home]].concat(trail);
  nav.appendChild(el("ol", {}, steps.map(function (step, place) {
    var last = place === steps.length - 1;
    return el("li", {}, last ? el("span", { "aria-current": "page", tabindex: "-1" }, step[0]) : el("a", { href: step[1] }, step[0]));
  })));
  if (told.jumps) nav.appendChild(el("span", { class: "jumps" }, told.jumps.filter(function (jump) { return document.getElementById(jump[0]); }).map(function (jump) {
    return el("button", { type: "button", on: { click: function () { var to = document.getElementById(jump[0]); to.scrollIntoView(); to.querySelector("h2").setAttribute("tabindex", "-1"); to.querySelector("h2").focus({ preventScroll: true }); } } }, jump[1]);
  })));
  else nav.appendChild(el("span", { class: "hint" }, "按 Esc 回上一层"));
  up = steps.length > 1 ? steps[steps.length - 2][1] : "";
  document.title = told.title + "　" + D.head.title;
  drawn.forEach(function (draw) { draw(); });
  window.scrollTo(0, places_seen[shown] || 0);
  if (!first) { var here = nav.querySelector("[aria-current]"); if (here) here.focus({ preventScroll: true }); say(told.title); }
}

function heads() {
  var header = document.querySelector("header");
  header.appendChild(el("p", {}, [el("b", { class: "month" }, D.head.month)].concat(D.head.lines.map(function (text) { return el("span", {}, text); })).concat(D.head.status ? [el("em", {}, D.head.status)] : []).concat(D.public ? [el("span", {}, "公开：不含绩效薪酬和单个客户")] : [])));
  document.querySelector("footer").appendChild(el("details", {}, [el("summary", {}, "口径与出处"),
    el("dl", {}, [].concat.apply([], D.terms.concat(D.made).map(function (pair) { return [el("dt", {}, pair[0]), el("dd", {}, pair[1])]; }))),
    el("details", {}, [el("summary", {}, "画图的 uPlot 的许可"), el("pre", {}, D.licence)])]));
}

document.addEventListener("keydown", function (event) {
  if (event.key !== "Escape" || event.ctrlKey || event.altKey) return;
  var field = document.activeElement;
  if (field && field.tagName === "INPUT" && field.value) { field.value = ""; field.dispatchEvent(new Event("input")); return; }
  if (up) go(up);
});
window.addEventListener("hashchange", show);
window.addEventListener("beforeprint", function () { [].forEach.call(document.querySelectorAll(".list"), function (box) { box.whole(); }); });
var waiting = null;
window.addEventListener("resize", function () { clearTimeout(waiting); waiting = setTimeout(function () { drawn.forEach(function (draw) { [].forEach.call(document.querySelectorAll(".plot"), function (host) { host.textContent = ""; }); draw(); }); }, 200); });
heads();
show();
