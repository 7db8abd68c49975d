// What pages cannot do by themselves: keys, one tab stop per list, busy rings, places kept, toasts that go.
// Everything here is an enhancement: without it links are links and forms are forms.

import { differs, isTyped, typedIn } from "./typed.js";

const page = document;
const all = (selector) => [...page.querySelectorAll(selector)];
const visible = (element) => Boolean(element?.checkVisibility());

// --- The list: one tab stop, which moves ---------------------------------------------------------------------

const rows = () => all("#threads .thread");
const currentRow = () => rows().find((row) => row.hasAttribute("aria-current"));
const stop = () => rows().find((row) => row.tabIndex === 0);

let last; // The id of the row that had the focus last: after a swap its heir has the same.

page.addEventListener("focusin", ({ target }) => {
  if (target.matches(".thread")) last = target.id;
});

function stopAt(row) {
  for (const other of rows()) other.tabIndex = other === row ? 0 : -1;
}

export function focusRow(row, { still = false } = {}) {
  if (!row || !visible(row)) return false;
  stopAt(row);
  row.focus({ preventScroll: true });
  if (!still) row.scrollIntoView({ block: "nearest" });
  return true;
}

function move(step) {
  const list = rows();
  const at = list.indexOf(list.includes(page.activeElement) ? page.activeElement : stop());
  return focusRow(list[Math.min(Math.max(at + step, 0), list.length - 1)]);
}

function moveMessage(step) {
  const heads = all(".msg > summary").filter(visible);
  const here = heads.findIndex((head) => head.parentElement.contains(page.activeElement));
  const from = here >= 0 ? here : heads.findLastIndex((head) => head.parentElement.open);
  const head = heads[Math.min(Math.max(from + step, 0), heads.length - 1)];
  head?.focus();
  head?.scrollIntoView({ block: "nearest" });
  return Boolean(head);
}

// --- Places kept: where each list was scrolled to, and how far it was loaded, while this tab lives -----------

const places = JSON.parse(sessionStorage.getItem("inlay.places") ?? "{}");

page.addEventListener("scroll", ({ target }) => {
  if (target.dataset?.keep) places[target.dataset.keep] = target.scrollTop;
}, { capture: true, passive: true });

addEventListener("pagehide", () => sessionStorage.setItem("inlay.places", JSON.stringify(places)));

const rowsOf = (list) => `${list.dataset.keep}#rows`;

let loading = 0;

// Where a list stands, and what has the focus, is no sign of somebody: news and the page itself change both.
let moved = false;

for (const sign of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  page.addEventListener(sign, () => { moved = true; }, { capture: true, passive: true });
}

// As many rows as they had loaded come again. What fails leaves the list shorter, with its way further.
async function loadRows(list) {
  const more = list.querySelector(".threads-more"), had = rows().length;
  if (!more || !list.isConnected || !(had < places[rowsOf(list)])) return;
  const into = { source: more, target: more.parentElement, swap: "outerHTML", select: "#threads > li" };
  await htmx.ajax("GET", more.href, into).catch(() => {});
  if (rows().length > had) await loadRows(list);
}

// The page is ready at once; the rows below come after it, and move nothing that somebody has moved meanwhile.
async function restorePlaces() {
  const list = page.querySelector("#list [data-keep]"), kept = list && places[list.dataset.keep];
  settle();
  for (const one of all("[data-keep]")) one.scrollTop = places[one.dataset.keep] ?? 0;
  moved = false;
  loading += 1;
  try {
    if (visible(list)) await loadRows(list);
  } finally {
    loading -= 1;
  }
  if (!list?.isConnected || moved) return;
  settle();
  list.scrollTop = kept ?? 0;
  currentRow()?.scrollIntoView({ block: "nearest" });
}

// A message that the address asks for is in sight, wherever in its thread it stands.
function showAsked() {
  if (new URLSearchParams(location.search).has("message")) page.querySelector(".msg[open]")?.scrollIntoView();
}

// --- Which pane is in sight where only one fits: the URL says it ---------------------------------------------

function showPane() {
  const asked = new URLSearchParams(location.search).get("pane");
  page.body.dataset.pane = asked ?? (page.querySelector(".msgs") ? "thread" : "list");
}

// --- Frames: as tall as their letter will be at this width, about; their own height cannot be read --------------

const LETTER = 7.8, LINE = 24, EDGES = 32;

function fitPapers() {
  for (const paper of all(".paper[data-letters]").filter((frame) => frame.clientWidth)) {
    const room = Math.max(20, (paper.clientWidth - EDGES) / LETTER);
    const lines = Number(paper.dataset.breaks) + paper.dataset.letters / room;
    paper.height = Math.round(Math.min(2400, Math.max(140, 2 * EDGES + LINE * lines)));
  }
}

addEventListener("resize", fitPapers);

// --- After htmx put something in -----------------------------------------------------------------------------

export function settle() {
  stopAt(currentRow() ?? rows().find((row) => row.id === last) ?? rows()[0]);
  watchToast();
  fitPapers();
}

function markChosen(row) {
  currentRow()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
}

// What live pages ask for behind the scenes is theirs alone to put in, and its failure nobody's concern.
const isStage = ({ target }) => target?.id === "stage";

// Focus is never lost: what had it is gone or out of sight, so its heir gets it. A form that opens takes it, unless
// somebody is in one of its fields already.
const FIELDS = "#card :is(input, select, textarea, button)";

function keepFocus(target) {
  const here = page.activeElement;
  const opens = target?.id === "card" && page.querySelector("#card .card-foot") && !here?.matches(FIELDS);
  if (!opens && here && here !== page.body && here.isConnected && visible(here)) return;
  const inCard = target?.id === "card" || page.body.dataset.pane === "card";
  const heir = (target?.id === "card" && cardHeir()) || page.querySelector(inCard ? "#card-title" : "#subject");
  if (visible(heir)) heir.focus();
  else focusRow(stop());
}

// --- The card: which control comes next --------------------------------------------------------------------------

const controls = () => all("#card :is(a[href], button, input, select, textarea)").filter(visible);
export const nameOf = (control) => control.id || control.value || control.href;
const cardTitle = () => page.querySelector("#card-title")?.textContent;

let before = { title: "", names: new Set() };

page.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target?.id === "card") before = { title: cardTitle(), names: new Set(controls().map(nameOf)) };
});

// In a form the field that was refused, else the first one. On the same card what the click brought: its undo, if any.
function cardHeir() {
  const wrong = page.querySelector('#card [aria-invalid="true"]');
  if (wrong || page.querySelector("#card .card-foot")) return wrong ?? controls().find((one) => one.matches(".input, select"));
  if (cardTitle() !== before.title) return undefined;
  const brought = controls().filter((one) => !before.names.has(nameOf(one)));
  return brought.find((one) => one.matches("[data-undo]")) ?? brought[0];
}

// One step back from what was opened on the card; what was typed is not thrown away for it.
function leaveCard() {
  const back = page.querySelector("#card [data-back]");
  if (!visible(back) || typedIn(back.form)) return false;
  back.click();
  return true;
}

page.addEventListener("htmx:afterSettle", ({ detail }) => {
  const chosen = detail.requestConfig?.elt, more = chosen?.matches(".threads-more");
  if (isStage(detail) || (more && loading)) return;
  if (more) places[rowsOf(page.querySelector("#list [data-keep]"))] = rows().length;
  if (detail.target?.id === "reading") {
    if (chosen?.matches(".thread")) markChosen(chosen);
    showPane();
  }
  settle();
  if (detail.target?.id === "reading") showAsked();
  keepFocus(detail.target);
});

page.addEventListener("htmx:historyRestore", async () => {
  showPane();
  await restorePlaces();
  keepFocus();
});

// What asks by itself shows again what holds: nothing was changed.
function restore(field) {
  if (field.matches("select")) for (const option of field.options) option.selected = option.defaultSelected;
  if (field.matches('[type="checkbox"]')) field.checked = field.defaultChecked;
}

// Keys turn a closed list one by one, and a browser calls each a change: it asks when it is left, or by Enter.
let turned;
const TURNING = /^(Arrow|Home|End|Page|.$)/;

page.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (!target.matches("select[hx-post]") || event.altKey || key === " ") return;
  if (TURNING.test(key)) turned = target;
  if (key === "Escape" && turned === target) {
    restore(turned);
    turned = undefined;
  }
  if (key !== "Enter" || turned !== target) return;
  event.preventDefault();
  askTurned();
}, true);
page.addEventListener("change", (event) => {
  if (event.target === turned) event.stopPropagation();
}, true);
page.addEventListener("focusout", ({ target }) => {
  if (target === turned) askTurned();
});
page.addEventListener("pointerdown", ({ target }) => {
  if (target === turned) turned = undefined; // The list is opened: what is chosen in it is meant.
}, true);

function askTurned() {
  const field = turned;
  turned = undefined;
  if (differs(field)) htmx.trigger(field, "change");
}

page.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.xhr.getResponseHeader("HX-Reswap") === "none") restore(detail.elt); // It was refused, or failed.
});

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  page.addEventListener(failure, ({ detail }) => {
    if (isStage(detail)) return;
    restore(detail.elt);
    tellUnreachable();
  });
}

function tellUnreachable() {
  page.querySelector("#toasts").replaceChildren(page.querySelector("#unreachable").content.cloneNode(true));
  watchToast();
}

// Where more rows fail, the way to them stays: the next press asks again.
page.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.requestConfig.elt.matches(".threads-more") || detail.xhr.status < 400) return;
  detail.shouldSwap = false;
  tellUnreachable();
});

// --- Busy after 300 ms ---------------------------------------------------------------------------------------

const waiting = new Map();

function begin(element) {
  if (element) waiting.set(element, setTimeout(() => element.setAttribute("aria-busy", "true"), 300));
}

function end(element) {
  clearTimeout(waiting.get(element));
  waiting.delete(element);
  element.removeAttribute("aria-busy");
}

const asking = (detail) => detail.requestConfig?.triggeringEvent?.submitter ?? detail.elt;

page.addEventListener("htmx:beforeRequest", ({ detail }) => begin(asking(detail)));
page.addEventListener("htmx:afterRequest", ({ detail }) => end(asking(detail)));
page.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && !event.target.matches('[method="dialog"]')) begin(event.submitter);
});
addEventListener("pageshow", () => [...waiting.keys()].forEach(end));

// --- Toast: eight seconds and longer for many words, or while somebody looks at it ---------------------------

let leaving, watched;

const LETTERS_A_SECOND = 8;
const lasting = (toast) => Math.max(8, toast.textContent.length / LETTERS_A_SECOND) * 1000;

function watchToast() {
  const toast = page.querySelector(".toast");
  if (toast === watched) return; // Its time runs already, whatever else was put into the page.
  watched = toast;
  clearTimeout(leaving);
  if (toast) leaving = setTimeout(letGo, lasting(toast));
}

function letGo() {
  if (watched.matches(":hover, :focus-within")) leaving = setTimeout(letGo, 8000);
  else watched.remove();
}

// --- Keys, by their place on the keyboard, so that they work with a Persian or Cyrillic layout ----------------

const dialog = page.querySelector("#keys");
const lettersOff = () =>
  page.documentElement.dataset.keys === "off" || localStorage.getItem("inlay.keys") === "off";

let going = 0; // When G was pressed: the next letter, within a second and a half, names the room.

const letters = {
  KeyJ: () => move(1),
  KeyK: () => move(-1),
  BracketLeft: () => moveMessage(-1),
  BracketRight: () => moveMessage(1),
  KeyG: () => { going = Date.now(); return true; },
};

const letterOf = (event) => (event.shiftKey ? "⇧" : "") + event.code.replace(/^(Key|Digit)/, "");

function press(selector) {
  const target = all(selector).find(visible);
  target?.click();
  return Boolean(target);
}

function search() {
  const field = page.querySelector('[role="search"] input[type="search"]');
  field?.select();
  field?.focus();
  return Boolean(field);
}

function escape() {
  if (page.querySelector(".pop:popover-open")) return false; // The browser closes it.
  const sheet = page.querySelector(".more[open]");
  if (sheet) return !(sheet.open = false);
  return leaveCard() || press(":not(#card *)[data-back]") || focusRow(stop());
}

function keyOf(event) {
  if (event.key === "Escape") return escape;
  if (page.activeElement?.matches(".thread") && event.key === "ArrowDown") return () => move(1);
  if (page.activeElement?.matches(".thread") && event.key === "ArrowUp") return () => move(-1);
  if (lettersOff()) return undefined;
  if (Date.now() - going < 1500) {
    going = 0;
    return () => press(`.nav-item[data-go="${letterOf(event)}"]`);
  }
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return openKeys;
  if (event.key === "/" || event.code === "Slash") return search;
  return () => (!event.shiftKey && letters[event.code]?.()) || press(`[data-key="${letterOf(event)}"]`);
}

page.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || page.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape" && !(event.target.closest("#card") && leaveCard())) event.target.blur();
    return;
  }
  if (keyOf(event)?.()) event.preventDefault();
});

// --- A message that is unfolded brings its card, unless somebody types on the one that stands there -----------

page.addEventListener("toggle", ({ target }) => {
  if (target.closest("#stage")) return;
  if (target.open) fitPapers();
  if (target.hasAttribute("data-stood")) return target.removeAttribute("data-stood"); // Nobody has unfolded it now.
  if (!target.open || !target.dataset?.card) return;
  const action = page.querySelector("#card form")?.getAttribute("action");
  if (action?.split("?")[0] === target.dataset.card) return; // It stands there, about whomever was chosen.
  if (isTyped()) return;
  htmx.ajax("GET", target.dataset.card, { target: "#card", swap: "outerHTML" });
}, true);

// --- The list of keys and its switch -------------------------------------------------------------------------

function openKeys() {
  dialog.querySelector("[data-keys-switch]").checked = !lettersOff();
  dialog.showModal();
  return true;
}

page.addEventListener("click", ({ target }) => {
  if (target.closest('[data-open="keys"]')) openKeys();
  if (target.closest("[data-close]") || target === dialog) dialog.close();
  if (target.closest(".nav a, .tabbar a, .tabs a")) for (const key of Object.keys(places)) delete places[key];
});
page.addEventListener("change", ({ target }) => {
  if (target.matches("[data-keys-switch]")) localStorage.setItem("inlay.keys", target.checked ? "on" : "off");
});

// Whoever has typed an address finds that one proposed on Google's page.
page.addEventListener("click", ({ target }) => {
  const link = target.closest("a[data-address]"), typed = page.querySelector("#address")?.value;
  if (!link || !typed) return;
  const there = new URL(link.href);
  there.searchParams.set("address", typed);
  link.href = there;
});

for (const part of all("[data-script]")) part.hidden = false;
restorePlaces();
showAsked();
