// Live pages: what changes elsewhere changes here, and nobody loses their place, their focus or their words.
// The server says that something changed; what it is now is asked for as ever, and put in row by row.

import { focusRow, nameOf, settle } from "./inlay.js";
import { isTyped } from "./typed.js";

const page = document;
const find = (selector, within = page) => within.querySelector(selector);
const listed = (selector, within = page) => [...within.querySelectorAll(selector)];

// --- The stream: open while somebody can see the tab -----------------------------------------------------------

const PAUSE = 1000; // Between two looks at what changed.
const AWAY = 5000, LONGEST = 300000; // Until a server that refuses is asked again.

let source, again, away = AWAY;

function connect(href, late) {
  if (source || page.hidden) return;
  source = new EventSource(href);
  source.addEventListener("open", () => {
    if (late) note(["inbox", "thread *"]); // What came while nobody listened here.
    late = false;
    away = AWAY;
  });
  source.addEventListener("message", ({ data }) => note(data.split("\n")));
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return; // The browser comes back by itself.
    disconnect();
    again = setTimeout(() => connect("/live", true), away);
    away = Math.min(2 * away, LONGEST);
  });
}

function disconnect() {
  clearTimeout(again);
  source?.close();
  source = undefined;
}

// --- What is to be looked at again, at most once a second ------------------------------------------------------

const openThread = () => location.pathname.match(/^\/inbox\/([0-9a-f-]{36})$/)?.[1];
const asks = (name) => new URLSearchParams(location.search).has(name);

const due = { inbox: false, thread: false, card: undefined };
let working = false;

function note(lines) {
  const open = openThread();
  for (const line of lines) {
    if (line === "inbox") due.inbox = true;
    if (open && (line === "thread *" || line === `thread ${open}`)) due.thread = true;
  }
  work();
}

async function work() {
  if (working) return;
  working = true;
  try {
    while (due.inbox || due.thread || due.card) {
      const { inbox, thread } = due;
      due.inbox = due.thread = false;
      if (thread && find("#thread .msgs")) await fetchInto("reading", takeReading);
      const { card } = due;
      due.card = undefined;
      if (card) await fetchInto("card", takeCardAlone, card);
      // What was searched for stays as it was found.
      if (inbox && !asks("q") && !asks("before")) await fetchInto("list", takeList);
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  } finally {
    working = false; // Whatever went wrong: the next news is looked at again.
  }
}

// A part of the page as it is now comes into a place out of sight, and is taken from there.
async function fetchInto(part, take, url = location.pathname + location.search) {
  const stage = find("#stage"), asked = location.href;
  if (!stage) return;
  let status;
  stage.addEventListener("htmx:afterRequest", ({ detail }) => (status = detail.xhr.status), { once: true });
  try {
    await htmx.ajax("GET", url, { source: stage, target: stage, swap: "innerHTML", headers: { "HX-Target": part, "Inlay-Live": "1" } });
    if (location.href === asked) take(stage, status); // Otherwise they have gone on meanwhile.
  } catch (failure) {
    if (failure) throw failure; // htmx names none when the server did not answer: the next news tries again.
  } finally {
    stage.replaceChildren();
  }
}

function announce(words, before) {
  if (words && words !== before) find("#news").textContent = words;
}

// --- The list ----------------------------------------------------------------------------------------------------

const items = (list) => [...list.children].filter((item) => find(".thread", item));
const idOf = (item) => find(".thread", item).id;
const topOf = (item) => item.getBoundingClientRect().top;

function isSame(one, other) {
  const [a, b] = [find(".thread", one), find(".thread", other)];
  return a.textContent === b.textContent && a.className === b.className && a.getAttribute("href") === b.getAttribute("href");
}

function takeList(stage) {
  const scroll = find("#list .scroll"), come = find(".scroll", stage);
  if (!scroll || !come) return;
  takeTabs(stage);
  announce(come.dataset.unread, scroll.dataset.unread);
  scroll.dataset.unread = come.dataset.unread;
  const list = find("#threads"), fresh = find("#threads", come);
  if (list && fresh) mergeRows(scroll, list, fresh);
  else scroll.replaceChildren(...come.childNodes);
  settle();
}

function takeTabs(stage) {
  const tabs = listed("#list .tabs a"), fresh = listed(".tabs a", stage);
  tabs.forEach((tab, at) => tab.replaceChildren(...fresh[at].childNodes));
}

function mergeRows(scroll, list, fresh) {
  const old = items(list), come = items(fresh);
  const names = new Set(come.map(idOf));
  const known = new Map(old.map((item) => [idOf(item), item]));
  const focused = page.activeElement?.closest("#threads .thread")?.id;
  const edge = scroll.scrollTop > 0 ? old.find((item) => topOf(item) >= topOf(scroll)) : undefined;
  const place = edge && { id: idOf(edge), top: topOf(edge) };

  // What somebody loaded below the first page stays there, and so does the way further down.
  const longer = old.length > come.length;
  const edgeOfFresh = come.findLast((item) => known.has(idOf(item)));
  const after = longer && edgeOfFresh ? old.indexOf(known.get(idOf(edgeOfFresh))) + 1 : old.length;
  const below = old.slice(after).filter((item) => !names.has(idOf(item)));
  const more = [...(below.length ? list : fresh).children].filter((item) => !find(".thread", item));
  const rows = come.map((item) => {
    const before = known.get(idOf(item));
    return before && isSame(before, item) ? before : item;
  });
  list.replaceChildren(...rows, ...below, ...more);

  const heir = place && page.getElementById(place.id);
  if (heir) scroll.scrollTop += topOf(heir.closest("li")) - place.top;
  const row = focused && page.getElementById(focused);
  if (row && row !== page.activeElement) focusRow(row, { still: true });
}

// --- The thread and its card ---------------------------------------------------------------------------------------

const actionOf = (card) => find("form", card)?.getAttribute("action");

// A form that is open is somebody's: what stands in it, and what they have typed, is not touched. Nor is what was opened
// above the message's card, until they go back. Nor is a card that waits for the answer to a button: the answer would
// come into a card that is gone.
const isBusy = (card) =>
  Boolean(find(".card-foot, .htmx-request, [data-back]", card)) ||
  listed("select, input, textarea", card).includes(page.activeElement) ||
  offersUndo(card);

// What was done just now can be taken back on the card that says so, and on no later one: that card stays for a while,
// and then it is looked at again.
const OFFERED_ONCE = '[data-undo="once"]';
const OFFERED = 60000;
let answered = 0, later;

page.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.id === "card") answered = Date.now();
});

// What was refused stood there no longer as the card says: it is looked at again at once. Above the message's card, which
// alone can be asked for again, the way back that led nowhere goes.
page.addEventListener("htmx:afterRequest", ({ detail }) => {
  const card = detail.elt.closest("#reading #card");
  if (!card || find(".card-foot", card) || detail.xhr.getResponseHeader("HX-Reswap") !== "none") return;
  answered = 0;
  const pressed = detail.requestConfig.triggeringEvent?.submitter;
  if (find("[data-back]", card) && pressed?.matches(OFFERED_ONCE)) {
    const row = pressed.closest(".dt"), held = row.contains(page.activeElement) || page.activeElement === page.body;
    row.remove();
    if (held) find("#card-title").focus();
  }
  due.card = actionOf(card);
  work();
});

function offersUndo(card) {
  const back = find(OFFERED_ONCE, card);
  return Boolean(back && answered) && Date.now() - answered < OFFERED;
}

function lookLater(thread) {
  clearTimeout(later);
  later = setTimeout(() => page.hidden || note([`thread ${thread}`]), OFFERED); // Who comes back looks again anyway.
}

function takeReading(stage, status) {
  if (status === 404) return takeAway(stage);
  const messages = find("#thread .msgs"), come = find(".msgs", stage);
  const subject = find("#thread #subject"), card = find("#reading #card"), fresh = find("#card", stage);
  if (!messages || !come || !subject) return;
  takeSubject(subject, find("#subject", stage));
  const heads = listed(".msg", messages);
  const atLast = card && actionOf(card) === heads.at(-1)?.dataset.card;
  const busy = card && isBusy(card);
  if (card && offersUndo(card)) lookLater(openThread());
  if (card && fresh && !busy && (atLast || actionOf(card) === actionOf(fresh))) takeCard(card, fresh);
  else if (card && !busy && actionOf(card)) due.card = actionOf(card); // Another message's was chosen.
  takeOutgoing(find("#thread #outgoing"), find("#outgoing", stage));
  announce(come.dataset.messages, messages.dataset.messages);
  messages.dataset.messages = come.dataset.messages;
  mergeMessages(messages, come, !busy && atLast);
  settle();
}

// How a thread is called goes with the messages that call it so.
function takeSubject(subject, come) {
  if (subject.textContent !== come.textContent) {
    subject.textContent = come.textContent;
    subject.dir = come.dir;
  }
}

// What has not left yet, and how far it has come. Whoever stands on one of its buttons keeps the focus.
function takeOutgoing(here, come) {
  if (!here || !come || here.textContent === come.textContent) return;
  const held = here.contains(page.activeElement);
  here.replaceChildren(...come.childNodes);
  if (held) (find("button", here) ?? find("#subject")).focus();
}

// Somebody keeps the thread private now: nothing of it stays on the screen, but what was typed beside it.
function takeAway(stage) {
  const reading = find("#reading"), place = isTyped() ? find("#thread", reading) : reading;
  const heading = find("h2", stage);
  if (!heading) return; // The answer is not ours.
  const held = place.contains(page.activeElement);
  announce(find("p", stage)?.textContent, "");
  page.title = [heading.textContent, ...page.title.split(" · ").slice(-1)].join(" · ");
  place.replaceChildren(...stage.childNodes);
  if (held) heading.focus();
}

function takeCardAlone(stage, status) {
  const card = find("#reading #card"), fresh = find("#card", stage);
  if (!card || !fresh || isBusy(card)) return;
  if (status === 404 || actionOf(card) === actionOf(fresh)) takeCard(card, fresh);
}

const headOf = (fold) => find("h3", fold.closest(".sec"))?.textContent;

function takeCard(card, fresh) {
  const held = page.activeElement?.closest("#card") && nameOf(page.activeElement);
  const scroll = card.closest(".scroll"), top = scroll?.scrollTop;
  const unfolded = listed(".fold[open]", card).map(headOf);
  for (const fold of listed(".fold", fresh)) fold.open = unfolded.includes(headOf(fold));
  card.replaceWith(fresh);
  if (scroll) scroll.scrollTop = top;
  if (!held) return;
  const heir = listed("#card :is(a[href], button)").find((control) => nameOf(control) === held);
  (heir ?? find("#card-title"))?.focus({ preventScroll: true });
}

// Which messages may be read, and how far, says the server: of what may not, nothing stays.
function takeMessagesAway(messages, come) {
  const levels = new Map(come.dataset.held.split(" ").map((one) => one.split(":")));
  const gone = listed(".msg", messages).filter((one) => levels.get(one.id.slice(2)) !== one.dataset.level);
  const held = messages.contains(page.activeElement);
  for (const one of gone) one.remove();
  if (held && !messages.contains(page.activeElement)) find("#subject").focus();
  return new Map(gone.map((one) => [one.id, one.open]));
}

function mergeMessages(messages, come, opens) {
  const stood = takeMessagesAway(messages, come);
  let behind = null;
  for (const message of listed(".msg", come)) {
    const known = page.getElementById(message.id);
    const here = known && messages.contains(known) ? known : message;
    if (here === message) {
      message.open = stood.get(message.id) ?? (opens && message.open);
      message.toggleAttribute("data-stood", message.open && stood.has(message.id));
      if (behind) behind.after(message);
      else messages.prepend(message);
    }
    behind = here;
  }
}

const live = find("#list[data-live]");
if (live) {
  connect(live.dataset.live, false);
  page.addEventListener("visibilitychange", () => (page.hidden ? disconnect() : connect("/live", true)));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", ({ persisted }) => persisted && connect("/live", true));
}
