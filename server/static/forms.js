// Forms over a page, and several values of one field. Without script a form is a page, and one more row is another.

const page = document;
const dialog = page.querySelector("#dialog");

const reveal = (within) => {
  for (const part of within.querySelectorAll("[data-script][hidden]")) part.hidden = false;
};

// --- A link to a form opens it over this page ------------------------------------------------------------------

page.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  openForm(link.href, link);
});

let opener; // It gets the focus back, or whatever has come to stand for it.

export function openForm(href, from = page.activeElement) {
  opener = from;
  return htmx.ajax("GET", href, { source: from, target: "#dialog", swap: "innerHTML" });
}

// What is a part of a page, and what the answer to it is like.
const PARTS = "#dialog, [data-row], .sec, #found-list";
const FITTING = /id="(form|found|sec-)|data-row|hx-swap-oob/;

// A whole page in answer is where this has led: it is shown as such. And what failed is told over the page, so that
// what was typed stays where it is.
page.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target, xhr } = detail;
  if (!target?.matches?.(PARTS)) return;
  if (/^\s*<!doctype/i.test(xhr.responseText)) {
    detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  } else if (xhr.status >= 400 && !FITTING.test(xhr.responseText)) {
    detail.target = dialog;
    detail.swapOverride = "innerHTML";
  }
});

page.addEventListener("htmx:afterSettle", ({ detail }) => {
  reveal(page);
  if (detail.target !== dialog) return;
  const title = dialog.querySelector("h2");
  if (!title) return dialog.close();
  title.id = "form-title";
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector('[aria-invalid="true"]') ?? dialog.querySelector("[autofocus]") ?? title).focus();
});

dialog.addEventListener("click", (event) => {
  const { target } = event;
  if (target !== dialog && !target.closest("[data-shut]")) return;
  event.preventDefault();
  dialog.close();
});

dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  (page.getElementById(opener?.id) ?? opener)?.focus?.();
});

// --- One more row, one less ------------------------------------------------------------------------------------

page.addEventListener("click", (event) => {
  const more = event.target.closest("[data-more]"), drop = event.target.closest("[data-drop]");
  if (more) {
    event.preventDefault();
    addRow(more.closest("[data-several]"));
  }
  if (drop) dropRow(drop.closest("li"));
});

function addRow(several) {
  const rows = several.querySelector(".entries");
  rows.append(several.querySelector("template").content.cloneNode(true));
  const row = rows.lastElementChild, number = new Intl.NumberFormat(page.documentElement.lang).format(rows.children.length);
  for (const named of row.querySelectorAll("[aria-label]")) named.ariaLabel = `${named.ariaLabel.trim()} ${number}`;
  reveal(row);
  row.querySelector("input").focus();
}

function dropRow(row) {
  const heir = row.nextElementSibling ?? row.previousElementSibling;
  if (heir) {
    row.remove();
    heir.querySelector("input").focus();
  } else {
    row.querySelector("input").value = "";
  }
}
