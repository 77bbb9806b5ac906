"""The script of the HTML report: search, filter, sort, keyboard and the detail drawer.

It builds every element with `textContent`, never from markup, and keeps only a window of rows in the page, so that
ten thousand artifacts stay fast. Without it the page is a plain table.
"""

EARLY = 'document.documentElement.className = "js";'
"""Runs before the table is parsed: rows are not laid out until the script below has taken them over."""

SCRIPT = r"""
"use strict";
(() => {
const $ = (selector) => document.querySelector(selector);
const root = document.documentElement;
const details = JSON.parse($("#details").textContent);
const body = $("#rows");
const rows = [...body.querySelectorAll("tr[data-i]")];
body.replaceChildren();
root.classList.add("ready");
const STEP = 150;
const search = $("#search"), count = $("#count"), empty = $("#empty"), drawer = $("#drawer");
const selects = [...document.querySelectorAll(".finder select")];
const tiles = [...document.querySelectorAll(".tile")];
const words = [];
let shown = rows, drawn = 0, selected = -1, order = null, opener = null;

for (const node of document.querySelectorAll("[data-js]")) node.hidden = false;
const textOf = (index) =>
  words[index] ??= (rows[index].textContent + " " + JSON.stringify(details[index])).toLowerCase();

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
}
function draw(upTo) {
  const part = document.createDocumentFragment();
  for (; drawn < Math.min(upTo, shown.length); drawn++) part.append(shown[drawn]);
  body.append(part);
}
function apply() {
  const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = selects.filter((select) => select.value).map((select) => [select.dataset.key, select.value]);
  const groups = {};
  for (const tile of tiles)
    if (tile.getAttribute("aria-pressed") === "true") (groups[tile.dataset.key] ??= []).push(tile.dataset.value);
  const pressed = Object.entries(groups);
  shown = rows.filter((row, index) =>
    wanted.every(([key, value]) => row.dataset[key] === value)
    && pressed.every(([key, values]) => values.includes(row.dataset[key]))
    && (!terms.length || terms.every((term) => textOf(index).includes(term))));
  if (order) {
    const key = order.key, sign = order.down ? -1 : 1;
    const value = (row) => order.number ? Number(row.dataset[key] || -1) : row.dataset[key] || "\uffff";
    shown.sort((left, right) => {
      const a = value(left), b = value(right);
      return a < b ? -sign : a > b ? sign : left.dataset.i - right.dataset.i;
    });
  }
  body.replaceChildren();
  drawn = 0;
  draw(STEP);
  select(-1);
  if (shown.length) shown[0].tabIndex = 0;
  empty.hidden = shown.length > 0;
  count.textContent = shown.length === rows.length ? rows.length.toLocaleString("en") + " artifacts"
    : shown.length.toLocaleString("en") + " of " + rows.length.toLocaleString("en");
}
function select(position) {
  for (const row of body.querySelectorAll("[aria-selected],[tabindex='0']")) {
    row.removeAttribute("aria-selected");
    row.tabIndex = -1;
  }
  selected = position;
  if (position < 0) return;
  draw(position + 20);
  const row = shown[position];
  row.setAttribute("aria-selected", "true");
  row.tabIndex = 0;
  row.focus({preventScroll: true});
  row.scrollIntoView({block: "nearest"});
  if (!drawer.hidden) open(row, false);
}
function heading(parent, text, number) {
  parent.append(make("h3", "", number > 1 ? text + " (" + number + ")" : text));
}
function digest(parent, name, value) {
  if (!value) return;
  parent.append(make("dt", "", name));
  const cell = make("dd"), button = make("button", "copy", value.slice(0, 16) + "\u2026" + value.slice(-8));
  button.type = "button";
  button.title = "Copy " + value;
  button.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(value); button.textContent = "copied"; }
    catch { button.textContent = value; }
  });
  cell.append(button);
  parent.append(cell);
}
function card(finding) {
  const [role, severity, confidence, message, check, stands, value, remedy, atlas] = finding;
  const box = make("div", "card " + role), meta = make("div", "meta");
  meta.append(make("b", "", severity), make("span", "", check), make("span", "", confidence + " confidence"));
  if (atlas) meta.append(make("span", "", atlas));
  box.append(make("p", "", message), meta);
  if (stands) box.append(make("p", "sub", stands));
  if (value && !stands.includes(value)) box.append(make("code", "", value));
  box.append(make("p", "next", remedy));
  return box;
}
function open(row, focus = true) {
  const item = details[row.dataset.i];
  const head = make("div"), pane = make("div", "body"), header = make("header");
  const badge = row.querySelector(".pill").cloneNode(true), title = make("h2", "", item.title);
  title.id = "drawer-title";
  head.append(badge, title);
  const close = make("button", "tool", "Close");
  close.type = "button";
  close.addEventListener("click", shut);
  header.append(head, close);
  const keys = make("dl", "keys");
  for (const [name, value] of item.keys) keys.append(make("dt", "", name), make("dd", "", value));
  digest(keys, "SHA-256", item.sha256);
  digest(keys, "Claimed", item.claimed);
  digest(keys, "BLAKE3", item.blake3);
  heading(pane, "Identity");
  pane.append(keys);
  if (item.verdict) {
    heading(pane, "Verdict");
    const box = make("div", "card " + item.verdict.role);
    box.append(make("p", "", item.verdict.text));
    for (const [id, reason, facts] of item.verdict.rules) {
      box.append(make("p", "", reason), make("p", "sub", id + (facts ? " \u00b7 " + facts : "")));
    }
    if (item.verdict.remedy) box.append(make("p", "next", item.verdict.remedy));
    pane.append(box);
  }
  if (item.findings.length) {
    heading(pane, "Findings", item.findings.length);
    pane.append(...item.findings.map(card));
  }
  heading(pane, "License");
  const license = make("dl", "keys");
  for (const [name, value] of item.license) license.append(make("dt", "", name), make("dd", "", value));
  pane.append(license);
  if (item.facts.length) {
    heading(pane, "Facts", item.facts.length);
    const table = make("table", "facts"), rowsOf = make("tbody");
    for (const [name, value, grade, source] of item.facts) {
      const line = make("tr"), cell = make("td");
      cell.append(make("div", "", value), make("div", "sub", source));
      const graded = make("td");
      graded.append(make("span", "grade " + grade, (grade === "declared" ? "\u25cb " : "\u25cf ") + grade));
      line.append(make("td", "", name), cell, graded);
      rowsOf.append(line);
    }
    table.append(rowsOf);
    pane.append(table);
  }
  heading(pane, "Places", item.places.length);
  const places = make("ul", "places");
  for (const [path, store] of item.places) {
    const line = make("li");
    line.append(make("code", "", path));
    if (store) line.append(make("div", "sub", store));
    places.append(line);
  }
  pane.append(places);
  for (const [name, lines] of item.more) {
    heading(pane, name, lines.length);
    const list = make("ul", "places");
    list.append(...lines.map((text) => make("li", "sub", text)));
    pane.append(list);
  }
  drawer.replaceChildren(header, pane);
  drawer.scrollTop = 0;
  drawer.hidden = false;
  history.replaceState(null, "", "#artifact-" + row.dataset.i);
  if (focus) { opener = row; close.focus(); }
}
function shut() {
  drawer.hidden = true;
  if (opener) opener.focus();
  opener = null;
  history.replaceState(null, "", "#");
}
for (const row of rows) row.tabIndex = -1;
body.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-i]");
  if (!row || String(getSelection())) return;
  select(shown.indexOf(row));
  open(row);
});
body.addEventListener("focusin", (event) => {
  const position = shown.indexOf(event.target);
  if (position >= 0 && position !== selected) select(position);
});
let timer = 0;
search.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(apply, rows.length > 2000 ? 120 : 0);
});
for (const box of selects) box.addEventListener("change", apply);
for (const tile of tiles) tile.addEventListener("click", () => {
  tile.setAttribute("aria-pressed", tile.getAttribute("aria-pressed") === "true" ? "false" : "true");
  apply();
});
for (const button of document.querySelectorAll("th button")) button.addEventListener("click", () => {
  const cell = button.closest("th"), key = button.dataset.key;
  const down = order && order.key === key ? !order.down : button.dataset.number === "1";
  for (const other of document.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  cell.setAttribute("aria-sort", down ? "descending" : "ascending");
  order = {key, down, number: button.dataset.number === "1"};
  apply();
});
$("#theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme:dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input,select,textarea");
  if (event.key === "Escape") {
    if (!drawer.hidden) shut();
    else if (typing) { search.value = ""; search.blur(); apply(); }
    return;
  }
  if (typing) {
    if (event.key === "Enter" && event.target === search && shown.length) { search.blur(); select(0); }
    return;
  }
  const move = {j: 1, k: -1, ArrowDown: 1, ArrowUp: -1}[event.key];
  if (event.key === "/") { event.preventDefault(); search.focus(); search.select(); }
  else if (move && shown.length && !(event.key.startsWith("Arrow") && selected < 0)) {
    event.preventDefault();
    select(Math.max(0, Math.min(shown.length - 1, selected + move)));
  }
  else if (event.key === "Enter" && selected >= 0 && event.target.matches("tr")) {
    event.preventDefault();
    open(shown[selected]);
  }
});
new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) draw(drawn + STEP); },
  {rootMargin: "800px"}).observe($("#end"));
addEventListener("beforeprint", () => draw(shown.length));
apply();
const linked = /^#artifact-(\d+)$/.exec(location.hash);
if (linked && rows[linked[1]]) {
  select(Number(linked[1]));
  open(rows[linked[1]]);
}
})();
"""
