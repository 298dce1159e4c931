// What the console is better with. Everything works without it.
"use strict";

// "/" goes to the search, wherever one is.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  const search = document.querySelector("input[type=search]");
  if (event.key === "/" && !typing && search && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// A form is sent once, however often its button is pressed; the server would take it as one anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "post" && form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));

// A part of the page is fetched anew and put in its place; where that fails, what was there stays.
async function renewed(id, address, options) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [was, is] = [document.getElementById(id), page.getElementById(id)];
  if (was && is && was.innerHTML !== is.innerHTML) was.replaceWith(is);
  return page;
}

// What a form would come to is worked out while it is written.
document.querySelectorAll("form[data-looks]").forEach((form) => {
  let soon;
  form.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(async () => {
      const page = await renewed(form.dataset.looks, form.action, { method: "POST", body: new FormData(form) });
      page.querySelectorAll("[id$=-count]").forEach((each) => {
        document.getElementById(each.id).textContent = each.textContent;
      });
    }, 600);
  });
});

// What is at work is looked at again, unless somebody is using it or looks elsewhere.
function again() {
  const moving = document.querySelector("[data-again]");
  if (!moving) return;
  setTimeout(async () => {
    if (!document.hidden && !moving.contains(document.activeElement)) await renewed(moving.id, location.href);
    again();
  }, Number(moving.dataset.again));
}
again();
