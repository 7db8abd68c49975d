// What somebody has typed beside a message is theirs: nothing takes its place before they have said so.

const page = document;

// Whether a field holds something else than the page came with.
export function differs(field) {
  if (field.matches("select")) {
    const came = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(came, 0);
  }
  if (field.matches('[type="checkbox"], [type="radio"]')) return field.checked !== field.defaultChecked;
  return field.matches("input, textarea") && field.value !== field.defaultValue;
}

// What asks by itself has been said already. What was refused or taken back comes as the form's own, and is theirs all
// the same.
export const typedIn = (form) =>
  Boolean(form.querySelector('[role="alert"], [name="draft"]')) ||
  [...form.elements].some((field) => !field.matches("[hx-post]") && differs(field));

export const isTyped = () => [...page.querySelectorAll("#card form, #reply")].some((form) => form !== sent && typedIn(form));

// What is too large is said before it is sent: the page that would refuse it has nothing of what was typed.
page.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-most]")) return;
  const size = [...target.files].reduce((sum, file) => sum + file.size, 0);
  target.setCustomValidity(size > Number(target.dataset.most) ? target.dataset.tooLarge : "");
  target.reportValidity();
});

// What is on its way to the server is not lost by the page that comes after it.
let sent;

page.addEventListener("submit", ({ target }) => {
  if (target.id === "reply") sent = target;
});

// Resolves to whether they go on without it.
function ask() {
  const dialog = page.querySelector("#typed");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((said) => {
    dialog.addEventListener("close", () => said(dialog.returnValue === "leave"), { once: true });
  });
}

// Another thread would take the card's place. Its row may have been drawn anew before they have said so.
let agreed = false;

page.addEventListener("htmx:confirm", async (event) => {
  const { target, elt, issueRequest } = event.detail;
  if (agreed || target?.id !== "reading" || !isTyped()) return;
  event.preventDefault();
  if (!(await ask())) return;
  if (elt.isConnected) return issueRequest(true);
  agreed = true;
  page.getElementById(elt.id)?.click();
  agreed = false;
});

// Another page would.
addEventListener("beforeunload", (event) => {
  if (isTyped()) event.preventDefault();
});

// The browser's Back tells when it has gone already: that step is taken back, and then they are asked.
let here = location.href, leaving = false;
const beside = (address) => address.split("#")[0];

for (const moved of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) {
  page.addEventListener(moved, () => (here = location.href));
}

addEventListener("popstate", async (event) => {
  if (leaving || beside(location.href) === beside(here) || !isTyped()) {
    leaving = false;
    return;
  }
  event.stopImmediatePropagation();
  history.pushState({ htmx: true }, "", here); // As htmx says it.
  if (page.querySelector("#typed").open) return; // They are being asked already.
  leaving = await ask();
  if (leaving) history.back();
});
