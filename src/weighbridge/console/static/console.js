// What the console adds where scripts run; every page works without it.
// Elements are built with textContent, never from markup. Nothing is loaded from anywhere but this server.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;

  try { root.dataset.theme = localStorage.getItem("theme") || ""; } catch { /* storage may be off */ }

  function say(text) {
    const live = $("#live");
    if (live) live.textContent = text;
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.value);
      button.classList.add("done");
      say("Copied");
    } catch {
      const text = button.previousElementSibling;
      if (text) text.textContent = button.value;
    }
    setTimeout(() => button.classList.remove("done"), 1500);
  }

  function turn() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme:dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* as above */ }
  }

  // Rows of a list: j and k move, x marks, Enter opens. Rows are focused, so screen readers follow.
  const rows = () => all("tr[data-at]");
  function move(step) {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(document.activeElement.closest("tr[data-at]"));
    const next = list[Math.max(0, Math.min(list.length - 1, at < 0 ? (step > 0 ? 0 : list.length - 1) : at + step))];
    next.focus();
    next.scrollIntoView({block: "nearest"});
  }
  function mark() {
    const box = $("input[type=checkbox]", document.activeElement.closest("tr[data-at]") || document.createElement("p"));
    if (box) { box.checked = !box.checked; counted(); }
  }
  function open() {
    const link = $("a", document.activeElement.closest("tr[data-at]") || document.createElement("p"));
    if (link) link.click();
  }

  function counted() {
    const bulk = $(".bulk");
    if (!bulk) return;
    const marked = all("tr[data-at] input:checked").length;
    bulk.hidden = !marked;
    $("output", bulk).textContent = marked + " marked";
  }

  // The palette: every link of the page's navigation, pinned views among them; what else is typed, /go finds.
  function palette() {
    const dialog = $("#palette");
    if (!dialog || dialog.open) return;
    const input = $("input", dialog), list = $("ul", dialog);
    const links = all(".nav a, [data-palette]").map((link) => [link.textContent.trim(), link.href]);
    let at = 0, shown = [];
    const draw = () => {
      const words = input.value.toLowerCase().trim();
      shown = links.filter(([name]) => name.toLowerCase().includes(words));
      if (words) shown.push(["Go to: " + input.value, "/go?to=" + encodeURIComponent(input.value)]);
      at = Math.min(at, shown.length - 1);
      list.replaceChildren(...shown.map(([name, href], index) => {
        const item = document.createElement("li");
        item.id = "palette-" + index;
        item.textContent = name;
        item.onclick = () => { location.href = href; };
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(index === at));
        return item;
      }));
      input.setAttribute("aria-activedescendant", shown.length ? "palette-" + at : "");
    };
    input.value = "";
    input.oninput = () => { at = 0; draw(); };
    input.onkeydown = (event) => {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (step) { at = Math.max(0, Math.min(shown.length - 1, at + step)); draw(); event.preventDefault(); }
      if (event.key === "Enter" && shown[at]) { event.preventDefault(); location.href = shown[at][1]; }
    };
    draw();
    dialog.showModal();
    input.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".copy")) copy(button);
    if (button.matches("[data-theme-turn]")) turn();
    if (button.matches("[data-open-palette]")) palette();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-mark-all]"))
      for (const box of all("tr[data-at] input[type=checkbox]")) box.checked = event.target.checked;
    if (event.target.matches("input[type=checkbox]")) counted();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") { event.preventDefault(); palette(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input,textarea,select,dialog")) return;
    const does = {j: () => move(1), k: () => move(-1), x: mark, Enter: null, "/": () => $("input[type=search]")?.focus(),
      "?": () => $("#keys")?.showModal()}[event.key];
    const keyed = all("[data-key]").find((node) => node.dataset.key === event.key);
    if (event.key === "Enter" && event.target.matches("tr[data-at]")) open();
    else if (keyed) { event.preventDefault(); keyed.click(); }
    else if (does) { event.preventDefault(); does(); }
  });
  for (const node of all("[data-needs-script]")) node.hidden = false;
  counted();
})();
