// The board under the hand: arrows choose a deal, H and L carry it, and so does the pointer.
// A move is one POST. It answers with both stages; or, where a stage asks for something, with a form.

import { openForm } from "./forms.js";

const page = document;
const board = page.querySelector("#board");
const columns = () => [...board.querySelectorAll(".col")];
const lines = (column) => [...column.querySelectorAll(".deal-line")];
const lineOf = (element) => element?.closest?.(".deal-line");
const columnOf = (element) => element?.closest?.(".col");
const linkOf = (line) => line?.querySelector(".deal");
const lettersOff = () => page.documentElement.dataset.keys === "off" || localStorage.getItem("inlay.keys") === "off";

// --- One tab stop, which moves; the line below says what is in hand -----------------------------------------------

let current;

function stopAt(line) {
  current = line?.dataset.deal ?? current;
  for (const one of board.querySelectorAll(".deal-line")) {
    for (const part of one.querySelectorAll("a")) part.tabIndex = one.dataset.deal === current ? 0 : -1;
  }
  page.querySelector("[data-chosen-deal]").textContent = line?.querySelector(".medium").textContent ?? "";
}

const find = (deal) => board.querySelector(`.deal-line[data-deal="${CSS.escape(deal)}"]`);

function focus(line) {
  if (!line) return false;
  linkOf(line).focus({ preventScroll: true });
  line.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

board.addEventListener("focusin", ({ target }) => stopAt(lineOf(target)));

function walk(across, down) {
  const here = lineOf(page.activeElement);
  if (!here) return focus((current && find(current)) ?? board.querySelector(".deal-line"));
  const list = lines(columnOf(here)), at = list.indexOf(here);
  if (down) return focus(list[at + down]);
  for (let column = beside(columnOf(here), across); column; column = beside(column, across)) {
    const there = lines(column);
    if (there.length) return focus(there[Math.min(at, there.length - 1)]);
  }
  return false;
}

const beside = (column, step) => columns()[columns().indexOf(column) + step];

// --- Carrying -------------------------------------------------------------------------------------------------------

async function carry(line, column) {
  const from = columnOf(line), after = line.nextElementSibling;
  if (!line.dataset.move || !column || column === from) return;
  column.querySelector(".stack").prepend(line);
  const values = { stage: column.dataset.stage, csrf_token: board.dataset.token };
  await htmx.ajax("POST", line.dataset.move, { source: linkOf(line), target: "#dialog", swap: "innerHTML", values }).catch(() => {});
  // An answer has replaced both stages, and the deal with them. Where it asks or refuses, the deal is still where it was.
  if (line.isConnected) from.querySelector(".stack").insertBefore(line, after?.isConnected ? after : null);
  if (!page.querySelector("dialog[open]")) focus(find(line.dataset.deal));
}

page.querySelector("#dialog").addEventListener("close", () => focus(current && find(current)));
page.addEventListener("htmx:oobAfterSwap", () => stopAt(current && find(current)));
page.addEventListener("htmx:afterSettle", () => {
  if (current && page.activeElement === page.body && !page.querySelector("dialog[open]")) focus(find(current));
});

// --- Keys -----------------------------------------------------------------------------------------------------------

const carryBy = (step) => () => {
  const line = lineOf(page.activeElement);
  if (line) carry(line, beside(columnOf(line), step));
  return Boolean(line);
};

function keyOf({ key, code, shiftKey, target }) {
  const way = page.documentElement.dir === "rtl" ? -1 : 1;
  const arrows = { ArrowLeft: [-way, 0], ArrowRight: [way, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (arrows[key] && (lineOf(target) || target === page.body)) return () => walk(...arrows[key]);
  if (lettersOff() || shiftKey) return undefined;
  const close = lineOf(target)?.dataset.closeDeal;
  return { KeyH: carryBy(-1), KeyL: carryBy(1), KeyW: close && (() => openForm(close, linkOf(lineOf(target)))) }[code];
}

page.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held) drop(false);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (page.querySelector("dialog[open], [popover]:popover-open") || event.target.closest("input, textarea, select")) return;
  if (keyOf(event)?.()) event.preventDefault();
});

// --- By the pointer; a finger holds still for a moment, or it scrolls ------------------------------------------------

const NEAR = 6, HOLD = 300, EDGE = 48;
let held;

board.addEventListener("pointerdown", (event) => {
  const line = lineOf(event.target);
  if (!line?.dataset.move || event.button || event.target.closest(".deal-move")) return;
  held = { line, x: event.clientX, y: event.clientY, id: event.pointerId, lifted: false };
  if (event.pointerType === "touch") held.wait = setTimeout(lift, HOLD);
});

function lift() {
  if (!held) return;
  held.lifted = true;
  const { width } = held.line.getBoundingClientRect();
  held.line.style.inlineSize = `${width}px`;
  held.line.classList.add("lifted");
  page.body.classList.add("carrying");
  board.setPointerCapture(held.id);
}

board.addEventListener("pointermove", (event) => {
  if (!held) return;
  const x = event.clientX - held.x, y = event.clientY - held.y, far = Math.hypot(x, y) > NEAR;
  if (!held.lifted && held.wait && far) return drop(false);
  if (!held.lifted && far) lift();
  if (!held.lifted) return;
  held.line.style.translate = `${x}px ${y}px`;
  const column = columnOf(page.elementFromPoint(event.clientX, event.clientY));
  for (const one of columns()) one.classList.toggle("drop", one === column && one !== columnOf(held.line));
  held.over = column;
  const room = board.getBoundingClientRect();
  if (event.clientX > room.right - EDGE) board.scrollLeft += 12;
  if (event.clientX < room.left + EDGE) board.scrollLeft -= 12;
});

board.addEventListener("pointerup", () => held && drop(true));
board.addEventListener("pointercancel", () => held && drop(false));
board.addEventListener("touchmove", (event) => held?.lifted && event.preventDefault(), { passive: false });
// What was carried was not clicked.
board.addEventListener("click", (event) => {
  if (carried) event.preventDefault();
  carried = false;
}, true);

let carried = false;

function drop(here) {
  const { line, lifted, over, wait } = held;
  held = undefined;
  clearTimeout(wait);
  if (!lifted) return;
  carried = true;
  setTimeout(() => { carried = false; });
  line.classList.remove("lifted");
  line.removeAttribute("style");
  page.body.classList.remove("carrying");
  for (const one of columns()) one.classList.remove("drop");
  if (here && over) carry(line, over);
}

stopAt(board.querySelector(".deal-line"));
