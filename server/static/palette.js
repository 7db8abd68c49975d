// The palette: asked for by Ctrl K or ⌘ K, walked by arrows, and left as it was found.
// htmx asks while somebody types; what is found are links and small forms, which this makes a list of options.

const page = document;
const palette = page.querySelector("#palette");
const field = palette.querySelector('[name="q"]');
const list = palette.querySelector("#found-list");
const lines = () => [...list.querySelectorAll("[data-line]")];
const chosen = () => list.querySelector('[aria-selected="true"]');
const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);

function open() {
  if (palette.open) return;
  palette.querySelector('[name="at"]').value = location.pathname;
  palette.showModal();
  field.select();
  htmx.trigger(field, "opened");
}

function choose(line) {
  chosen()?.setAttribute("aria-selected", "false");
  line?.setAttribute("aria-selected", "true");
  line?.scrollIntoView({ block: "nearest" });
  if (line) field.setAttribute("aria-activedescendant", line.id);
  else field.removeAttribute("aria-activedescendant");
}

function move(step) {
  const all = lines(), here = all.indexOf(chosen());
  choose(all[(here + step + all.length) % all.length]);
}

// The list opens what is chosen here, or beside this page.
function go(beside) {
  const line = chosen();
  if (!line) return;
  if (beside && line.href) window.open(line.href, "_blank", "noopener");
  else line.click();
  palette.close();
}

// Roles that only a list in a palette has: on the page of its own it is links.
function dress() {
  list.setAttribute("role", lines().length ? "listbox" : "presentation"); // A list of options has some.
  list.setAttribute("aria-label", palette.getAttribute("aria-label"));
  for (const group of list.querySelectorAll("section")) group.setAttribute("role", "group");
  for (const part of list.querySelectorAll("h3, ul, li, form, #found")) part.setAttribute("role", "presentation");
  lines().forEach((line, number) => {
    line.id = `line-${number}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    line.tabIndex = -1;
  });
  choose(lines()[0]);
  const said = palette.querySelector("[data-found]"), count = new Intl.NumberFormat(page.documentElement.lang).format(lines().length);
  said.textContent = list.querySelector(".found-none")?.textContent ?? said.dataset.found.replace("{count}", count);
  field.setAttribute("aria-expanded", String(lines().length > 0));
}

page.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target === list) dress();
});

palette.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (steps[event.key]) move(steps[event.key]);
  else if (event.key === "Enter") go(event.ctrlKey || event.metaKey);
  else return;
  event.preventDefault();
});

palette.addEventListener("click", ({ target }) => {
  if (target === palette) palette.close();
});

page.addEventListener("keydown", (event) => {
  if (event.code !== "KeyK" || event.altKey || event.shiftKey || event.ctrlKey === event.metaKey) return;
  if (page.querySelector("dialog[open]")) return;
  event.preventDefault();
  open();
});

page.addEventListener("click", (event) => {
  if (!event.target.closest('[data-open="palette"]') || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  open();
});

if (!isMac) for (const key of page.querySelectorAll("[data-command]")) key.textContent = "Ctrl K";
