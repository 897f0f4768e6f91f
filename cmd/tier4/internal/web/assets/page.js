// The desk: sliders beside number boxes, and an answer that comes in while it is worked out. Without this
// script the form does the same, with the answer once it is whole.
"use strict";

const form = document.getElementById("choices");
const answer = document.getElementById("answer");
const status = document.getElementById("status");
const bar = document.getElementById("bar");
const go = document.getElementById("go");
const stop = document.getElementById("stop");
let source = null;

// Sliders: each moves its box and is moved by it.
for (const slide of form.querySelectorAll("input[type=range]")) {
  const box = document.getElementById(slide.dataset.for);
  slide.hidden = false;
  slide.addEventListener("input", () => { box.value = slide.value; moved(box); });
  box.addEventListener("input", () => { slide.value = box.value.replace(/,/g, ""); });
}
for (const box of form.querySelectorAll("input[data-was]")) box.addEventListener("input", () => moved(box));

function changed(box) {
  const is = box.value.trim().replace(/,/g, ""), was = box.dataset.was.replace(/,/g, "");
  return is !== "" && is !== was && !(is !== "" && Number(is) === Number(was));
}

function moved(box) {
  const lever = box.closest(".lever");
  lever.classList.toggle("moved", changed(box));
}

// query is what is chosen, as the page's address holds it. The server makes it short.
function query() {
  const q = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const box = name.startsWith("v:") ? form.elements[name] : null;
    if (name === "find" || value.trim() === "" || (box && !changed(box))) continue;
    q.append(name, value.trim());
  }
  return q.toString();
}

form.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter.hasAttribute("formaction")) return;
  event.preventDefault();
  const q = query();
  history.pushState(null, "", "/?" + q);
  ask(q);
  const result = document.querySelector(".result"); // below the form on a small screen
  if (result.getBoundingClientRect().top > innerHeight / 2) result.scrollIntoView();
});

addEventListener("popstate", () => location.reload());

// ask has the answer worked out, and shows it as it comes.
function ask(q) {
  halt();
  problem("");
  answer.setAttribute("aria-busy", "true");
  say("Working it out");
  bar.hidden = false;
  bar.removeAttribute("value");
  stop.hidden = false;
  go.textContent = "Work it out again";
  const mine = new EventSource("/live?" + q);
  source = mine;
  mine.addEventListener("progress", (e) => {
    const p = JSON.parse(e.data);
    bar.max = p.most;
    bar.value = p.done;
    say(p.text + ". The answer may still move.");
  });
  mine.addEventListener("answer", (e) => { show(e.data); keep(q); });
  mine.addEventListener("done", (e) => { halt(); say(e.data); });
  mine.addEventListener("fault", (e) => { halt(); say("It could not be worked out."); problem(e.data); });
  mine.onerror = () => {
    if (source !== mine) return;
    halt();
    fetch("/assets/icon.svg", { cache: "no-store" }).then(
      () => say("tier4 is busy with other pages. Try again in a few seconds."),
      () => say("tier4 does not answer. Was it stopped? Start it again, and then work it out again."));
  };
}

function halt() {
  if (source) source.close();
  source = null;
  bar.hidden = true;
  stop.hidden = true;
  answer.removeAttribute("aria-busy");
}

stop.addEventListener("click", () => {
  halt();
  say("Stopped. What stands below is from what was played by then.");
  go.focus();
});
document.addEventListener("keydown", (e) => { if (e.key === "Escape" && source) stop.click(); });
addEventListener("pagehide", halt);

function say(text) { if (status.textContent !== text) status.textContent = text; }

function problem(items) {
  const box = document.getElementById("problem");
  document.getElementById("problems").innerHTML = items;
  box.hidden = items === "";
  if (items !== "") box.focus();
}

// show puts a new answer where the old one was; what was open stays open, and the keyboard stays where it was.
function show(html) {
  const within = answer.contains(document.activeElement) ? focusable().indexOf(document.activeElement) : -1;
  const open = [...answer.querySelectorAll("figure")].filter((f) => f.querySelector("details[open]")).map((f) => f.id);
  const scrolled = [...answer.querySelectorAll(".wide")].map((w) => w.scrollLeft);
  answer.innerHTML = html;
  for (const id of open) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
  answer.querySelectorAll(".wide").forEach((w, i) => { w.scrollLeft = scrolled[i] || 0; });
  if (within >= 0) focusable()[within]?.focus({ preventScroll: true });
}

function focusable() { return [...answer.querySelectorAll("summary, [tabindex], a[href]")]; }

// keep has the links below the answer lead to what was just worked out.
function keep(q) {
  document.getElementById("keep").hidden = false;
  for (const a of document.querySelectorAll("a.state")) a.href = a.dataset.to + "?" + q;
  const own = /(^|&)(set|v%3A[^=]*)=/.test(q);
  for (const e of document.querySelectorAll(".own")) e.hidden = !own;
  const state = document.getElementById("state");
  if (state) state.value = q;
}

if (answer.dataset.ask === "yes") ask(query());
