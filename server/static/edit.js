// A value is changed where it stands: Enter saves, Esc keeps what was, Tab saves and goes on to the next.
// The server answers each time with the whole row, or with the fact: as it is now, or with what is the matter.

import { differs } from "./typed.js";

const page = document;
const editorOf = (element) => element?.closest?.("[data-editor]");
const rowOf = (element) => element?.closest?.("[data-row]");
const cells = (row) => [...row.querySelectorAll("[data-cell]")];

// Where we are, and where to go on once the answer is here.
let at, next;

export const lastKey = () => at?.key;

export function edit(cell) {
  if (!cell) return false;
  at = { row: rowOf(cell).id, key: cell.dataset.cell };
  cell.click();
  return true;
}

const changed = (form) => [...form.elements].some((field) => field.type !== "hidden" && differs(field));

// What was not changed is not saved: whoever only looked leaves no trace.
function leave(form) {
  if (changed(form) || form.querySelector('[role="alert"]')) form.requestSubmit();
  else form.querySelector("[data-keep-value]").click();
}

// Another value of the same row is opened: what was typed in this one is saved first.
page.addEventListener("htmx:confirm", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (!cell) return;
  const open = rowOf(cell)?.querySelector("[data-editor]");
  at = { row: rowOf(cell).id, key: cell.dataset.cell };
  if (!open || !changed(open)) return;
  event.preventDefault();
  next = at.key;
  at = { row: at.row, key: open.dataset.editor };
  open.requestSubmit();
});

page.addEventListener("keydown", (event) => {
  const form = editorOf(event.target);
  if (!form || event.isComposing) return;
  const radios = [...form.querySelectorAll('[type="radio"]')], digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (event.key === "Escape") form.querySelector("[data-keep-value]").click();
  else if (event.key === "Tab" && inField(event)) goOn(form, event.shiftKey ? -1 : 1);
  else if (event.key === "Enter" && saves(event)) leave(form);
  else if (digit && radios[digit - 1] && plain(event)) {
    choose(radios[digit - 1]);
    leave(form);
  } else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
// In several lines Enter begins another; on a link or a button it does what that says.
const saves = ({ target, ctrlKey, metaKey }) => target.matches("input, select") || (target.matches("textarea") && (ctrlKey || metaKey));
// An amount has its currency beside it: Tab goes there first. And what was refused has its ways out below.
const inField = ({ target, shiftKey }) => {
  if (!target.matches("input, select, textarea")) return false;
  const fields = [...target.form.querySelectorAll("input:not([type=hidden], [type=radio]), select, textarea, [type=radio]:checked")];
  const there = fields.indexOf(target) + (shiftKey ? -1 : 1);
  return !target.form.querySelector(".btns") && !fields[there];
};

function goOn(form, step) {
  const row = rowOf(form);
  const places = [...row.querySelectorAll("[data-cell], [data-editor]")];
  const there = places[places.indexOf(form) + step];
  next = there?.dataset.cell ?? "";
  at = { row: row.id, key: form.dataset.editor };
  leave(form);
}

function choose(radio) {
  radio.checked = true;
  radio.focus();
  tellChoice(radio);
}

function tellChoice(radio) {
  const shown = editorOf(radio)?.querySelector("[data-chosen]");
  if (shown) shown.textContent = radio.dataset.word;
}

page.addEventListener("change", ({ target }) => {
  if (target.matches('[type="radio"]')) tellChoice(target);
});

// One that is open elsewhere is left when another is begun; in the same row the answer has replaced it.
page.addEventListener("focusin", ({ target }) => {
  for (const form of page.querySelectorAll("[data-editor]")) {
    if (rowOf(form) === rowOf(target) || form.querySelector('[role="alert"]') || !editorOf(target)) continue;
    leave(form);
  }
});

page.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!at || !detail.requestConfig?.elt?.matches?.("[data-cell], [data-editor], [data-keep-value], [data-editor] *")) return;
  const row = page.getElementById(at.row), open = row?.querySelector("[data-editor]");
  if (!row) return;
  if (open) {
    const field = open.querySelector("[autofocus]") ?? open.querySelector("input:not([type=hidden]), select, textarea");
    field?.focus();
    if (field?.matches('input:not([type="radio"], [type="checkbox"])')) field.select?.();
    next = undefined;
    return;
  }
  if (page.querySelector("[data-editor]")?.contains(page.activeElement)) return; // Another row is being changed already.
  const key = next ?? at.key, cell = cells(row).find((one) => one.dataset.cell === key);
  const go = next;
  next = undefined;
  if (go && cell) return void edit(cell);
  (cell ?? row.querySelector("a, button"))?.focus();
});
