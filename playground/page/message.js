// One message as a bubble: what it holds, its buttons and its reactions.

import { element, formatted, link } from "./text.js";

const REACTIONS = ["👍", "👎", "❤", "🔥", "😢"];

// `acts` are what a user can do with it: press(message, button, node), react(message, emoji), command(text).
export function bubble(message, botId, acts) {
  const mine = message.from?.id !== botId;
  const content = element("div", { className: "bubble" }, quoted(message), ...media(message), said(message, acts));
  content.append(footer(message, acts));
  return element(
    "article",
    { className: mine ? "message mine" : "message", id: `message-${message.message_id}` },
    element("span", { className: "hidden" }, mine ? "You: " : "Bot: "),
    content,
    keyboard(message, acts),
  );
}

export function draftBubble(draft) {
  const words = draft.text ? formatted(draft.text, draft.entities) : ["Thinking …"];
  const said = element("div", { className: "said" }, ...words);
  return element("article", { className: "message draft", id: "draft" }, element("div", { className: "bubble" }, said));
}

function said(message, acts) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  const entities = message.entities ?? message.caption_entities;
  return element("div", { className: "said" }, ...formatted(text, entities, acts.command));
}

function quoted(message) {
  const other = message.reply_to_message;
  if (!other) return null;
  return element("p", { className: "quote" }, (other.text ?? other.caption ?? "an attachment").slice(0, 80));
}

function media(message) {
  const address = (file) => message.files[file.file_id];
  if (message.photo) return [photo(address(message.photo.at(-1)), message.photo.at(-1))];
  if (message.live_photo) return [photo(address(message.live_photo.photo.at(-1)), message.live_photo)];
  if (message.voice) return [player(address(message.voice), "Voice note")];
  if (message.audio) return track(message.audio, address(message.audio));
  if (message.document) return [link(address(message.document), [`📄 ${message.document.file_name ?? "file"}`])];
  const film = message.video ?? message.video_note ?? message.animation;
  if (film) return [element("video", { src: address(film), controls: true })];
  if (message.sticker) return [photo(address(message.sticker), message.sticker)];
  if (message.contact) return [`☎ ${message.contact.first_name} ${message.contact.phone_number}`];
  if (message.location) return [`⌖ ${message.location.latitude}, ${message.location.longitude}`];
  return [];
}

function photo(address, size) {
  const picture = element("img", { src: address, width: size.width, height: size.height, alt: "Photo", loading: "lazy" });
  picture.style.height = "auto";
  return link(address, [picture]);
}

function player(address, name) {
  const audio = element("audio", { src: address, controls: true, preload: "metadata" });
  audio.setAttribute("aria-label", name);
  // One sound at a time, as in Telegram.
  audio.addEventListener("play", () => {
    for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
  });
  return audio;
}

function track(audio, address) {
  const name = [audio.performer, audio.title].filter(Boolean).join(" – ") || audio.file_name || "Music";
  return [element("p", { className: "track" }, `♫ ${name}`), player(address, name)];
}

function footer(message, acts) {
  const time = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const reacted = (message.reactions ?? []).map((reaction) => element("span", {}, reaction.emoji ?? "★"));
  return element(
    "div",
    { className: "meta" },
    element("div", { className: "reactions" }, ...reacted),
    element("span", {}, message.edit_date ? `edited ${time}` : time),
    picker(message, acts),
  );
}

function picker(message, acts) {
  const summary = element("summary", { title: "React" }, "☺");
  summary.setAttribute("aria-label", "React");
  const choice = REACTIONS.map((emoji) =>
    element("button", { type: "button", onclick: () => acts.react(message, emoji) }, emoji),
  );
  return element("details", { className: "react" }, summary, element("div", { className: "choice" }, ...choice));
}

function keyboard(message, acts) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const made = rows.map((row) =>
    element("div", { className: "row" }, ...row.map((button) => key(message, button, acts))),
  );
  return element("div", { className: "keyboard" }, ...made);
}

function key(message, button, acts) {
  if (button.url) return link(button.url, [button.text]);
  const node = element("button", { type: "button", className: button.style ?? "" }, button.text);
  node.disabled = Boolean(button.disabled);
  node.onclick = () => acts.press(message, button, node);
  return node;
}
