// Keeps the page fresh without reloading it, and sends without leaving it. Everything here is a form without it.
"use strict";

const EVERY_MS = 1000;
const TROUBLE = "The sandbox does not answer. It is asked again every second.";
let last = "";
let asked = 0;

/** Put what the server now shows in place, touching only what has changed: a screen reader hears only new texts. */
function show(html) {
  if (html === last) return;
  last = html;
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(old.id);
    if (now && now.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) old.replaceChildren(...now.childNodes);
  }
  const thread = document.getElementById("thread");
  for (const item of [...fresh.getElementById("thread").children]) {
    const old = document.getElementById(item.id);
    if (!old) thread.append(item);
    else if (old.innerHTML !== item.innerHTML) {
      old.className = item.className;
      old.querySelector(".meta").replaceWith(item.querySelector(".meta"));
      old.querySelector(".said").textContent = item.querySelector(".said").textContent;
    }
  }
  if (thread.children.length) document.getElementById("empty")?.remove();
}

async function ask(url, options) {
  const mine = ++asked;
  const answer = await fetch(url, { cache: "no-store", ...options });
  const html = await answer.text();
  if (answer.ok && mine === asked) show(html);
  return { ok: answer.ok, html };
}

/** What went wrong stays until the next attempt, so that it can be read. */
function say(problem) {
  const place = document.getElementById("problem");
  if (place.textContent !== problem) place.textContent = problem;
}

async function poll() {
  try {
    if (!document.hidden) await ask(location.href);
    if (document.getElementById("problem").textContent === TROUBLE) say("");
  } catch {
    say(TROUBLE);
  }
  setTimeout(poll, EVERY_MS);
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const words = form.elements.body;
  const data = new FormData(form, event.submitter);
  if (words) words.value = "";
  const restore = () => { if (words && !words.value) words.value = data.get("body"); };
  say("");
  try {
    const { ok, html } = await ask(form.action, { method: "POST", body: new URLSearchParams(data) });
    if (ok) return;
    restore();
    say(new DOMParser().parseFromString(html, "text/html").getElementById("problem")?.textContent || TROUBLE);
  } catch {
    restore();
    say(TROUBLE);
  }
}

for (const form of document.querySelectorAll("form[method=post]")) form.addEventListener("submit", submit);
document.getElementById("body").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (event.target.value.trim()) event.target.form.requestSubmit();
});
setTimeout(poll, EVERY_MS);
