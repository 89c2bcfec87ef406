// Texts with entities as DOM nodes. Nothing that was said is ever read as HTML.

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Entities nest like brackets: each holds those that begin before it ends.
export function formatted(text, entities = [], onCommand = () => {}) {
  const rest = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, rest, onCommand);
}

function span(text, start, end, rest, onCommand) {
  const nodes = [];
  let at = start;
  while (rest.length && rest[0].offset < end) {
    const entity = rest.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    nodes.push(text.slice(at, from));
    nodes.push(wrapped(entity, text.slice(from, to), span(text, from, to, rest, onCommand), onCommand));
    at = to;
  }
  nodes.push(text.slice(at, end));
  return nodes.filter((node) => node !== "");
}

function wrapped(entity, words, children, onCommand) {
  if (entity.type === "text_link") return link(entity.url, children);
  if (entity.type === "url") return link(/^\w+:/.test(words) ? words : `https://${words}`, children);
  if (entity.type === "email") return link(`mailto:${words}`, children);
  if (entity.type === "bot_command") {
    return element("button", { type: "button", className: "command", onclick: () => onCommand(words) }, ...children);
  }
  if (entity.type === "spoiler") return spoiler(children);
  return element(TAGS[entity.type] ?? "span", {}, ...children);
}

function spoiler(children) {
  const veil = element("span", { className: "spoiler", tabIndex: 0, title: "Show" }, ...children);
  const open = () => veil.classList.add("open");
  veil.addEventListener("click", open);
  veil.addEventListener("keydown", (event) => event.key === "Enter" && open());
  return veil;
}

// Only addresses that a chat may open; a javascript: link stays text.
export function link(address, children) {
  if (!/^(https?|tg|mailto):/i.test(address)) return element("span", {}, ...children);
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
