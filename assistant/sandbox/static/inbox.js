// Brings new mail in without reloading the page, and lets each mail be as tall as it is. Everything works without it.
"use strict";

const EVERY_MS = 1000;
const TROUBLE = "The sandbox does not answer. It is asked again every second.";
let last = "";

/** A mail's frame gets the height of what is in it; nothing in it can run. */
function fit(frame) {
  const measure = () => {
    const page = frame.contentDocument?.documentElement;
    if (page?.offsetHeight > 40) frame.style.height = `${page.offsetHeight}px`;
  };
  frame.addEventListener("load", measure);
  new ResizeObserver(measure).observe(frame.parentElement);
  measure();
}

/** Put what the server now shows in place, touching only what has changed. */
function show(html) {
  if (html === last) return;
  last = html;
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(old.id);
    if (now && now.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) old.replaceChildren(...now.childNodes);
  }
  const letters = document.getElementById("letters");
  for (const item of [...(fresh.getElementById("letters")?.children ?? [])]) {
    const old = document.getElementById(item.id);
    if (!old) {
      letters.append(item);
      item.querySelectorAll("iframe").forEach(fit);
    } else {
      const status = item.querySelector(".meta").innerHTML;
      if (old.querySelector(".meta").innerHTML !== status) old.querySelector(".meta").innerHTML = status;
    }
  }
  const answers = fresh.querySelector("input[name=answers]");
  if (answers) document.querySelector("input[name=answers]").value = answers.value;
}

async function poll() {
  const problem = document.getElementById("problem");
  try {
    if (!document.hidden) {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (answer.ok) show(await answer.text());
    }
    if (problem.textContent === TROUBLE) problem.textContent = "";
  } catch {
    if (!problem.textContent) problem.textContent = TROUBLE;
  }
  setTimeout(poll, EVERY_MS);
}

document.querySelectorAll("#letters iframe").forEach(fit);
// After a refused form the address is the form's own, which is not a page to ask for again.
if (location.pathname === "/inbox") setTimeout(poll, EVERY_MS);
