// The clients' interface of the playground, as functions.

async function call(method, path, body) {
  const isForm = body instanceof FormData;
  const response = await fetch(`/api${path}`, {
    method,
    headers: body && !isForm ? { "Content-Type": "application/json" } : {},
    body: isForm || !body ? body : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.error), { status: response.status });
  return answer;
}

export const health = () => call("GET", "/health");
export const addPerson = (person) => call("POST", "/users", person);
export const eventsAfter = (chat, seq, wait) =>
  call("GET", `/chats/${chat}/messages?after=${seq}&wait=${wait}`);
export const sendText = (chat, text) => call("POST", `/chats/${chat}/messages`, { kind: "text", text });
export const press = (chat, message_id, data) => call("POST", `/chats/${chat}/press`, { message_id, data });
export const react = (chat, message_id, emoji) =>
  call("POST", `/chats/${chat}/reactions`, { message_id, emoji });
export const answerTo = (query, wait) => call("GET", `/callbacks/${query}?wait=${wait}`);

export function sendFile(chat, kind, file, caption) {
  const form = new FormData();
  form.append("kind", kind);
  if (caption) form.append("caption", caption);
  form.append("file", file, file.name);
  return call("POST", `/chats/${chat}/messages`, form);
}
