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

// A whole page in answer is where the form has led: it is shown as such. So is a way on.
page.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target !== dialog || !/^\s*<!doctype/i.test(detail.xhr.responseText)) return;
  detail.shouldSwap = false;
  location.assign(detail.xhr.responseURL);
});

page.addEventListener("htmx:afterSettle", ({ detail }) => {
  reveal(page);
  if (detail.target !== dialog) return;
  const form = dialog.querySelector("form");
  if (!form) return dialog.close();
  if (!dialog.open) dialog.showModal();
  (form.querySelector('[aria-invalid="true"]') ?? form.querySelector("[autofocus]"))?.focus();
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
