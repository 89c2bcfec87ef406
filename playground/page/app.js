// The chat page: shows the conversation, and sends what the user does.

import * as api from "./api.js";
import { bubble, draftBubble } from "./message.js";

const LONG_POLL_S = 25;
const SPINNER_S = 15; // Telegram's clients stop waiting for an answer to a button by then
const DRAFT_MS = 30_000;
const ACTION_MS = 5_000;
const REMEMBERED = "attune-playground-person";

const byId = (id) => document.getElementById(id);
const log = byId("log");
let bot = { id: 0, first_name: "Bot" };
let me = null;
let draftTimer = 0;
let actionTimer = 0;

function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.hidden = false;
  setTimeout(() => { if (box.textContent === text) box.hidden = true; }, 4000);
}

function alertWith(text) {
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}

// Says what went wrong instead of failing silently.
async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message || "The playground does not answer.");
    return null;
  }
}

const acts = {
  command: (text) => attempt(() => api.sendText(me, text)),
  react: (message, emoji) => attempt(() => api.react(me, message.message_id, emoji)),
  press: (message, button, node) => attempt(() => press(message, button, node)),
};

async function press(message, button, node) {
  if (button.copy_text) return copy(button.copy_text.text);
  if (!button.callback_data) return toast("This button does nothing here.");
  node.ariaBusy = "true";
  try {
    const pressed = await api.press(me, message.message_id, button.callback_data);
    const answer = await api.answerTo(pressed.callback_query_id, SPINNER_S);
    if (answer.text) (answer.show_alert ? alertWith : toast)(answer.text);
  } finally {
    node.ariaBusy = "false";
  }
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast("Copied.");
}

// An edited message keeps its place; the log scrolls along only for a reader at its end.
function show(node) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const old = byId(node.id);
  if (old) {
    node.classList.toggle("grouped", old.classList.contains("grouped"));
    old.replaceWith(node);
  } else {
    log.append(node);
  }
  if (!atEnd) return;
  log.scrollTop = log.scrollHeight;
  node.querySelector("img")?.addEventListener("load", () => { log.scrollTop = log.scrollHeight; });
}

function forgetDraft() {
  clearTimeout(draftTimer);
  byId("draft")?.remove();
}

function showActivity(text) {
  clearTimeout(actionTimer);
  byId("activity").textContent = text;
  if (text) actionTimer = setTimeout(() => showActivity(""), ACTION_MS);
}

// Loading the page replays all past events; drafts and actions among them are over.
const isFresh = (message, milliseconds) => Date.now() - message.date * 1000 < milliseconds;

const HANDLERS = {
  message(message) {
    if (message.from?.id === bot.id) {
      forgetDraft();
      showActivity("");
    }
    const node = bubble(message, bot.id, acts);
    const group = message.media_group_id ?? "";
    node.dataset.group = group;
    if (group && log.lastElementChild?.dataset.group === group) node.classList.add("grouped");
    show(node);
  },
  edited: (message) => show(bubble(message, bot.id, acts)),
  reaction: (message) => show(bubble(message, bot.id, acts)),
  deleted: (message) => byId(`message-${message.message_id}`)?.remove(),
  action(message) {
    if (isFresh(message, ACTION_MS)) showActivity(`${bot.first_name}: ${message.action.replaceAll("_", " ")} …`);
  },
  draft(message) {
    if (!isFresh(message, DRAFT_MS)) return;
    forgetDraft();
    show(draftBubble(message));
    draftTimer = setTimeout(forgetDraft, DRAFT_MS);
  },
};

function showEmptiness() {
  const empty = log.querySelector("article") === null;
  byId("empty").hidden = byId("start").hidden = !empty;
}

async function follow() {
  const person = me;
  let seq = 0;
  while (person === me) {
    try {
      const news = await api.eventsAfter(me, seq, seq ? LONG_POLL_S : 0);
      if (person !== me) return;
      for (const { event, message } of news.events) HANDLERS[event](message);
      seq = news.seq;
      showEmptiness();
      if (!news.events.length) await pause(seq ? 0 : 500);
    } catch (error) {
      if (error.status === 404) return begin(); // the playground was started anew
      await pause(2000);
    }
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function watchBot() {
  for (;;) {
    try {
      const state = await api.health();
      bot = state.bot;
      byId("bot-name").textContent = bot.first_name;
      byId("status").textContent = state.pollers ? "listening" : "the bot is not running yet";
    } catch {
      byId("status").textContent = "the playground does not answer";
    }
    await pause(3000);
  }
}

async function begin() {
  localStorage.removeItem(REMEMBERED);
  const person = await api.addPerson({ first_name: "You", language_code: navigator.language.slice(0, 2) });
  localStorage.setItem(REMEMBERED, String(person.chat_id));
  enter(person.chat_id);
}

function enter(chat) {
  me = chat;
  for (const node of log.querySelectorAll("article")) node.remove();
  showEmptiness();
  follow();
}

byId("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = byId("text").value;
  if (text.trim() && (await attempt(() => api.sendText(me, text)))) byId("text").value = "";
});

byId("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("composer").requestSubmit();
});

for (const input of document.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", async () => {
    const [file] = input.files;
    byId("attach").open = false;
    if (file && (await attempt(() => api.sendFile(me, input.dataset.kind, file, byId("text").value)))) {
      byId("text").value = "";
    }
    input.value = "";
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const open of document.querySelectorAll("details[open]")) open.open = false;
});

byId("start").addEventListener("click", () => attempt(() => api.sendText(me, "/start")));
byId("new-person").addEventListener("click", () => attempt(begin));

bot = await api.health().then((state) => state.bot);
watchBot();
const remembered = localStorage.getItem(REMEMBERED);
if (remembered) enter(remembered);
else begin();
