// One simulated year: people as dots along the pathway, day by day. Dots are buttons; the arrow keys go from
// one to the next, and Enter tells the person's story.
"use strict";

const board = document.getElementById("board");
const status = document.getElementById("status");
const day = document.getElementById("day");
const play = document.getElementById("play");
const speed = document.getElementById("speed");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const mostDots = 600;
let data = null, timer = 0, at = -1, next = 0, nextOther = 0;
let where = [], others = new Map(), dots = new Map(), counts = null, chosen = -1;

const outs = ["moved on", "gave up", "turned away", "left early", "relapsed", "died"];
const outWords = {
  "moved on": "Finished or moved on", "gave up": "Gave up waiting", "turned away": "Declined or turned away",
  "left early": "Left early", "relapsed": "Relapsed on the way", "died": "Died",
};

if (board) fetch(board.dataset.from).then((r) => r.ok ? r.json() : Promise.reject(r)).then(begin).catch((r) => {
  status.textContent = r && r.status === 503 ? "tier4 is busy. Load this page again in a few seconds." : "The year could not be loaded.";
});

function begin(year) {
  data = year;
  day.max = year.days - 1;
  build();
  document.getElementById("controls").hidden = false;
  goTo(0);
  status.textContent = data.people.length + " people in this year. Press Play, or move the day.";
}

function node(name, attributes, ...inside) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  e.append(...inside);
  return e;
}

// build makes a box for each step, with its list and its places.
function build() {
  board.replaceChildren();
  data.stages.forEach((stage, s) => {
    const waiting = node("div", { class: "dots", id: "w" + s });
    const inside = node("div", { class: "places" });
    if (stage.places.length === 0) inside.append(node("div", { class: "place" }, node("p", { id: "n" + s }), node("div", { class: "dots", id: "i" + s })));
    stage.places.forEach((p, k) => inside.append(node("div", { class: "place" }, node("p", { id: "n" + s + "-" + k }), node("div", { class: "dots", id: "i" + s + "-" + k }))));
    board.append(node("section", { class: "step", "aria-labelledby": "s" + s }, node("h2", { id: "s" + s }, stage.name),
      node("div", {}, node("p", { id: "c" + s }), waiting), inside));
  });
  const list = node("dl", {});
  for (const o of outs) list.append(node("div", {}, node("dt", {}, outWords[o]), node("dd", { id: "o-" + o.replace(" ", "-") }, "0")));
  board.append(node("section", { class: "out", "aria-label": "Out of the pathway since the year began" }, node("p", {}, "Out of the pathway since the year began"), list));
}

// goTo shows the end of a day; going back begins again.
function goTo(to) {
  if (to < at || at < 0) {
    where = data.people.map(() => null);
    others = new Map();
    counts = Object.fromEntries(outs.map((o) => [o, 0]));
    next = nextOther = 0;
  }
  at = to;
  for (; next < data.moves.length && data.moves[next].day < to + 1; next++) {
    const m = data.moves[next], before = where[m.person];
    if (before && before.how in counts) counts[before.how]--;
    if (m.how in counts) counts[m.how]++;
    where[m.person] = m;
  }
  for (; nextOther < data.others.length && data.others[nextOther].day < to + 1; nextOther++) {
    const o = data.others[nextOther];
    others.set(o.stage + "-" + o.place, o.count);
  }
  day.value = to;
  const date = new Date(data.from + "T00:00:00Z");
  date.setUTCDate(date.getUTCDate() + to);
  const words = date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  document.getElementById("date").textContent = words;
  day.setAttribute("aria-valuetext", words);
  draw();
}

// draw moves each dot to where its person is; it glides there unless the reader wants no motion.
function draw() {
  const gliding = !calm.matches && dots.size < mostDots;
  const before = new Map();
  if (gliding) for (const [p, dot] of dots) before.set(p, dot.getBoundingClientRect());
  const lists = new Map();
  where.forEach((m, p) => {
    if (!m || m.how in counts || m.how === "out") return;
    const id = m.how === "waits" ? "w" + m.stage : "i" + m.stage + (m.place >= 0 ? "-" + m.place : "");
    if (!lists.has(id)) lists.set(id, []);
    lists.get(id).push(p);
  });
  const focused = document.activeElement;
  const shown = new Set();
  for (const box of board.querySelectorAll(".dots")) {
    const people = (lists.get(box.id) || []).sort((a, b) => where[a].day - where[b].day || a - b);
    const marks = people.slice(0, mostDots).map((p) => { shown.add(p); return dotOf(p); });
    box.replaceChildren(...marks, ...emptyBeds(box.id, people.length));
    label(box.id, people.length);
  }
  for (const p of [...dots.keys()]) if (!shown.has(p)) dots.delete(p);
  for (const o of outs) document.getElementById("o-" + o.replace(" ", "-")).textContent = counts[o];
  rove();
  if (focused && focused.classList.contains("dot") && focused.isConnected) focused.focus({ preventScroll: true });
  if (gliding) for (const [p, dot] of dots) glide(dot, before.get(p));
}

function glide(dot, from) {
  const to = dot.getBoundingClientRect();
  if (!from) { dot.animate([{ opacity: 0 }, { opacity: 1 }], 250); return; }
  const x = from.left - to.left, y = from.top - to.top;
  if (x || y) dot.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: 300, easing: "ease-out" });
}

function dotOf(p) {
  let dot = dots.get(p);
  if (!dot) {
    dot = node("button", { type: "button", class: "dot", tabindex: "-1" });
    dot.addEventListener("click", () => tell(p));
    dot.person = p;
    dots.set(p, dot);
  }
  const m = where[p], stage = data.stages[m.stage];
  dot.className = "dot " + (m.how === "waits" ? "waits" : m.how === "keeps" ? "keeps" : "inside") + (p === chosen ? " chosen" : "");
  const place = m.place >= 0 ? stage.places[m.place].name + ", " : "";
  const doing = m.how === "waits" ? "waiting for " : m.how === "keeps" ? "stay over, still at " : "in ";
  dot.setAttribute("aria-label", data.people[p].who + ", " + doing + place + stage.name.toLowerCase());
  dot.title = data.people[p].who;
  return dot;
}

// emptyBeds are marks for beds in which nobody of ours is: others' and free ones.
function emptyBeds(id, ours) {
  const m = /^i(\d+)-(\d+)$/.exec(id);
  if (!m) return [];
  const place = data.stages[m[1]].places[m[2]];
  const other = others.get(m[1] + "-" + m[2]) || 0;
  const free = Math.max(0, Math.min(place.beds, 200) - ours - other);
  return [...Array(Math.min(other, 200)).fill("other"), ...Array(free).fill("free")].map((c) => node("span", { class: "dot " + c }));
}

function label(id, n) {
  const m = /^([wi])(\d+)(?:-(\d+))?$/.exec(id), stage = data.stages[m[2]];
  if (m[1] === "w") {
    document.getElementById("c" + m[2]).textContent = n === 0 ? "Nobody waits" : n + (n === 1 ? " waits" : " wait");
  } else if (m[3] === undefined) {
    document.getElementById("n" + m[2]).textContent = stage.kind === "panel" ? "" : n === 0 ? "Nobody inside" : n + " inside";
  } else {
    const place = stage.places[m[3]], other = others.get(m[2] + "-" + m[3]) || 0;
    const ours = n + (other > 0 ? " of ours, " + other + (other === 1 ? " other" : " others") : "");
    const beds = place.beds > 0 ? (other > 0 ? ", in " : " of ") + place.beds + (place.beds === 1 ? " bed" : " beds") : n === 1 ? " person" : " people";
    document.getElementById("n" + m[2] + "-" + m[3]).textContent = place.name + " (" + place.contract + "): " + ours + beds;
  }
}

// rove lets Tab reach one dot; the arrow keys reach the others.
function rove() {
  const all = [...board.querySelectorAll("button.dot")];
  if (!all.some((d) => d.tabIndex === 0)) { if (all[0]) all[0].tabIndex = 0; }
  else { let first = true; for (const d of all) if (d.tabIndex === 0) { if (!first) d.tabIndex = -1; first = false; } }
}

if (board) board.addEventListener("keydown", (e) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
  if (!step || !document.activeElement.classList.contains("dot")) return;
  const all = [...board.querySelectorAll("button.dot")], i = all.indexOf(document.activeElement) + step;
  if (i < 0 || i >= all.length) return;
  document.activeElement.tabIndex = -1;
  all[i].tabIndex = 0;
  all[i].focus();
  e.preventDefault();
});

function tell(p) {
  chosen = p;
  halt();
  draw();
  const story = document.getElementById("story");
  fetch(board.dataset.story + "&person=" + encodeURIComponent(data.people[p].who)).then((r) => r.ok ? r.text() : Promise.reject(r)).then((html) => {
    story.innerHTML = html;
    document.getElementById("story-title").focus({ preventScroll: false });
  }).catch(() => { story.textContent = "The story could not be loaded."; });
}

// Playing.
function halt() {
  clearInterval(timer);
  timer = 0;
  play.textContent = "Play";
}

function run() {
  halt();
  play.textContent = "Pause";
  const perSecond = Number(speed.value), tick = Math.max(1000 / perSecond, 250), days = perSecond * tick / 1000;
  let exact = at >= data.days - 1 ? -days : at;
  timer = setInterval(() => {
    exact += days;
    if (exact >= data.days - 1) { goTo(data.days - 1); halt(); return; }
    goTo(Math.floor(exact));
  }, tick);
}

if (play) {
  play.addEventListener("click", () => timer ? halt() : run());
  speed.addEventListener("change", () => { if (timer) run(); });
  day.addEventListener("input", () => { halt(); goTo(Number(day.value)); });
}
