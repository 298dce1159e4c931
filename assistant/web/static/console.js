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

// What is at work is looked at again, unless somebody is using it or looks elsewhere. Where all of the page is of
// another day when the work is done, the page is loaded anew.
function again() {
  const moving = [...document.querySelectorAll("[data-again]")];
  if (!moving.length) return;
  setTimeout(async () => {
    for (const each of moving) {
      if (document.hidden || each.contains(document.activeElement)) continue;
      await renewed(each.id, location.href).catch(() => {});
      const { said } = document.getElementById(each.id).dataset;
      const line = document.getElementById(`${each.id}-said`);
      if (line && said && line.textContent !== said) line.textContent = said;
      const done = !document.getElementById(each.id).dataset.again;
      if (done && "afterwards" in each.dataset) return location.reload();
    }
    again();
  }, Math.min(...moving.map((each) => Number(each.dataset.again))));
}
again();
// A button that puts its words where one was writing.
let written = null;
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-holes] textarea")) written = event.target;
});
document.querySelectorAll("[data-hole]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const box = written || document.querySelector("[data-holes] textarea");
    box.setRangeText(button.dataset.hole, box.selectionStart, box.selectionEnd, "end");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
});

// Inbox: a canned reply goes into the box, the price is shown while one types, and what is new comes by itself.
const inbox = document.getElementById("inbox");
if (inbox) {
  const priced = (form) => {
    const words = form.querySelector("[name=words]");
    const box = form.querySelector(".inbox-quote");
    let typing;
    const price = async () => {
      const typed = words.value;
      const answer = await fetch(form.dataset.count, { method: "POST", body: new FormData(form) });
      if (!answer.ok || words.value !== typed) return;
      box.innerHTML = await answer.text();
      form.querySelector("button").textContent = form.querySelector("[name=mark]") ? "Send" : "Check";
    };
    const soon = () => {
      box.replaceChildren();
      clearTimeout(typing);
      typing = setTimeout(() => price().catch(() => {}), 300);
    };
    words.addEventListener("input", soon);
    form.querySelector("[name=to]").addEventListener("change", soon);
    return soon;
  };
  document.querySelectorAll(".inbox-draft").forEach(priced);
  const reply = document.querySelector(".inbox-reply");
  const words = reply && reply.querySelector("[name=words]");
  const soon = reply && priced(reply);

  const canned = document.querySelector(".inbox-canned");
  if (canned && words) {
    canned.querySelector("button").hidden = true;
    canned.querySelector("select").addEventListener("change", (event) => {
      const chosen = event.target.selectedOptions[0].dataset.words;
      if (!chosen) return;
      words.value = words.value.trim() ? `${words.value.trim()} ${chosen}` : chosen;
      event.target.selectedIndex = 0;
      words.focus();
      soon();
    });
  }

  // Only what is new in the thread is put in, so that a reader hears that and no more.
  const put = (log, fresh) => {
    for (const item of fresh.children) {
      const old = item.id && document.getElementById(item.id);
      if (!old) log.insertBefore(document.importNode(item, true), document.getElementById("end"));
      else if (old.innerHTML !== item.innerHTML && item.id !== "end") old.innerHTML = item.innerHTML;
    }
  };
  // Drafts come and go; one that somebody is at work on stays where it is.
  const drafts = (page) => {
    for (const fresh of page.querySelectorAll(".inbox-draft")) {
      if (document.getElementById(fresh.id)) continue;
      const draft = document.importNode(fresh, true);
      document.querySelector(".inbox-scroll").after(draft);
      priced(draft);
    }
    for (const old of document.querySelectorAll(".inbox-draft"))
      if (!page.getElementById(old.id) && !old.contains(document.activeElement)) old.remove();
  };
  const renew = async (thread) => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("threads").replaceChildren(...page.getElementById("threads").childNodes);
    document.querySelector(".inbox-shows").replaceChildren(...page.querySelector(".inbox-shows").childNodes);
    const log = document.getElementById("log");
    if (thread && log) {
      put(log, page.getElementById("log"));
      drafts(page);
      document.getElementById("held").textContent = page.getElementById("held").textContent;
      document.getElementById("end").scrollIntoView({ block: "nearest" });
    } else {
      document.getElementById("news").textContent = "The list of threads has changed.";
    }
  };
  let seen;
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(inbox.dataset.news);
    if (!answer.ok || answer.redirected) return;
    const news = await answer.json();
    seen = seen || { thread: inbox.dataset.thread, list: news.list };
    if (news.thread === seen.thread && news.list === seen.list) return;
    const inThread = news.thread !== seen.thread;
    seen = news;
    await renew(inThread);
  };
  setInterval(() => look().catch(() => {}), 4000);
}
