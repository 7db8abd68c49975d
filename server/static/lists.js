// A list under the hand: one row at a time by keys, checked one by one or up to here, opened, changed, done to many.
// Without script rows are links, check boxes are check boxes, and the bar is a form.

import { edit, lastKey } from "./edit.js";

const page = document;
const body = page.querySelector("#rows");
const bulk = page.querySelector("#bulk");
const rows = () => [...(body?.rows ?? [])];
const rowOf = (element) => element?.closest?.("#rows > tr");
const check = (row) => row?.querySelector(".pick > .check:not([type=submit])");
const stops = (row) => [...row.querySelectorAll(".who, [data-cell]")];

// --- One tab stop, which moves ---------------------------------------------------------------------------------

let current;

function stopAt(row) {
  current = row?.id ?? current;
  for (const one of rows()) {
    const here = one.id === current;
    for (const part of one.querySelectorAll("a, button, input")) {
      if (part.closest("[data-editor]")) continue;
      part.tabIndex = here ? 0 : -1;
    }
  }
}

page.addEventListener("focusin", ({ target }) => {
  const row = rowOf(target);
  if (row && row.id !== current) stopAt(row);
});

const currentRow = () => rowOf(page.activeElement) ?? rows().find((row) => row.id === current);

function focus(row, like = page.activeElement) {
  if (!row) return false;
  const cell = like?.dataset?.cell && row.querySelector(`[data-cell="${CSS.escape(like.dataset.cell)}"]`);
  stopAt(row);
  (cell || row.querySelector(".who")).focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function move(step) {
  const all = rows(), here = all.indexOf(rowOf(page.activeElement));
  if (here < 0) return focus(currentRow() ?? all[0]);
  return focus(all[Math.min(Math.max(here + step, 0), all.length - 1)]);
}

function aside(step) {
  const row = rowOf(page.activeElement);
  if (!row) return false;
  const places = stops(row), way = page.documentElement.dir === "rtl" ? -step : step;
  const there = places[places.indexOf(page.activeElement.closest(".who, [data-cell]")) + way];
  there?.focus();
  return Boolean(there);
}

// --- What is checked -------------------------------------------------------------------------------------------

const checked = new Set();
let from; // Where a range begins.

function mark(row, on) {
  const box = check(row);
  if (!box) return;
  box.checked = on;
  if (on) checked.add(row.id);
  else checked.delete(row.id);
}

function toggle(row, range) {
  const all = rows();
  if (!check(row)) return false;
  const on = range || !check(row).checked;
  const ends = range && from ? [all.findIndex((one) => one.id === from), all.indexOf(row)].sort((a, b) => a - b) : [];
  if (ends.length && ends[0] >= 0) for (const one of all.slice(ends[0], ends[1] + 1)) mark(one, on);
  else mark(row, on);
  from = row.id;
  tell();
  return true;
}

function tell() {
  if (!bulk) return;
  const all = rows(), every = page.querySelector("[data-every]"), count = bulk.querySelector("[data-selected]");
  const number = new Intl.NumberFormat(page.documentElement.lang).format(checked.size);
  count.textContent = checked.size ? count.dataset.selected.replace("{count}", number) : "";
  every.checked = checked.size > 0 && checked.size >= all.length;
  every.indeterminate = checked.size > 0 && !every.checked;
}

page.addEventListener("click", (event) => {
  const box = event.target.closest("#rows .pick > input.check");
  if (!box) return;
  const row = rowOf(box);
  if (event.shiftKey && from) {
    toggle(row, true);
  } else {
    mark(row, box.checked);
    from = row.id;
    tell();
  }
});

page.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-every]")) return;
  for (const row of rows()) mark(row, target.checked);
  tell();
});

bulk?.addEventListener("reset", () => {
  const back = currentRow();
  checked.clear();
  setTimeout(() => {
    tell();
    focus(back);
  });
});

// --- Keys ------------------------------------------------------------------------------------------------------

const lettersOff = () => page.documentElement.dataset.keys === "off" || localStorage.getItem("inlay.keys") === "off";

function change() {
  const row = currentRow(), here = page.activeElement.closest?.("[data-cell]");
  if (!row) return false;
  return edit(here ?? row.querySelector(`[data-cell="${CSS.escape(lastKey() ?? "")}"]`) ?? row.querySelector("[data-cell]"));
}

// What is done to what is checked is done to the row in hand where nothing is.
function doToMany(key) {
  const button = bulk?.querySelector(`[data-key="${CSS.escape(key)}"]`), row = rowOf(page.activeElement);
  if (!button) return false;
  if (!checked.size && row) toggle(row);
  if (!checked.size) return false;
  button.click();
  return true;
}

function clear() {
  if (!checked.size) return false;
  bulk.reset();
  return true;
}

const LETTERS = { KeyJ: () => move(1), KeyK: () => move(-1), KeyE: change };

function keyOf(event) {
  const inRow = Boolean(rowOf(event.target));
  if (inRow && event.key === "ArrowDown") return () => move(1);
  if (inRow && event.key === "ArrowUp") return () => move(-1);
  if (inRow && event.key === "ArrowRight") return () => aside(1);
  if (inRow && event.key === "ArrowLeft") return () => aside(-1);
  if (event.key === "Escape") return clear;
  if (lettersOff()) return undefined;
  if (event.code === "KeyX") return () => toggle(currentRow(), event.shiftKey);
  if (event.key === "#") return () => doToMany("#");
  if (event.shiftKey) return undefined;
  return LETTERS[event.code] ?? (/^Key[AM]$/.test(event.code) ? () => doToMany(event.code[3]) : undefined);
}

page.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (page.querySelector("dialog[open], [popover]:popover-open")) return;
  if (event.target.closest("textarea, select, [data-editor], input:not([type=checkbox])")) return;
  if (keyOf(event)?.()) event.preventDefault();
});

// --- After htmx put something in -------------------------------------------------------------------------------

page.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.requestConfig?.elt.matches("[data-more-rows]")) return;
  const had = rows().length;
  page.addEventListener("htmx:afterSettle", () => focus(rows()[had]), { once: true });
});

page.addEventListener("htmx:afterSettle", () => {
  for (const row of rows()) if (check(row)) check(row).checked = checked.has(row.id);
  stopAt(rows().find((row) => row.id === current) ?? rows()[0]);
  tell();
});

for (const row of rows()) if (check(row)?.checked) checked.add(row.id); // As the browser has kept it.
stopAt(rows()[0]);
tell();
