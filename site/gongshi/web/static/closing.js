// How long is left to comment, counted down by the server's clock. The visitor's clock is never asked: from the server
// comes an instant, and the page's own stopwatch counts on from there.
"use strict";

const line = document.querySelector("[data-closes]");
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NEAR = 2 * HOUR; // From here on the page, which may come from a cache, is not exact enough: the clock is asked.
const SAID_AT = [HOUR, 30 * MINUTE, 10 * MINUTE, 5 * MINUTE, MINUTE];

let instant = Number(line?.dataset.now);
let readAt = performance.now();
let isAsked = false;
let next;
const now = () => instant + performance.now() - readAt;
const left = () => Number(line.dataset.closes) - now();

async function ask() {
  isAsked = true; // Once is enough, even where nobody answers.
  const before = performance.now();
  try {
    const answer = await fetch(line.dataset.clock, { cache: "no-store", credentials: "omit" });
    const told = (await answer.json()).now;
    if (!answer.ok || !Number.isFinite(told)) return;
    readAt = (before + performance.now()) / 2;
    instant = told;
  } catch {
    // No answer: the page's own instant is the best there is.
  }
}

function spoken(span) {
  const { day, hour, minute, second } = line.dataset;
  const parts = [[DAY, day], [HOUR, hour], [MINUTE, minute], [SECOND, second]];
  const first = Math.max(0, parts.findIndex(([length]) => span >= length));
  const shown = parts.slice(span < SECOND ? 3 : first, first + 2);
  return shown.map(([length, word], place) => `${Math.floor((place ? span % shown[place - 1][0] : span) / length)} ${word}`).join(" ");
}

let toSay = SAID_AT;
function show() {
  const [timer, status] = line.children;
  const span = left();
  const text = span > 0 ? `${line.dataset.left} ${spoken(span)}` : line.dataset.over;
  if (timer.textContent !== text) timer.textContent = text;
  const passed = toSay.filter((step) => span <= step);
  if (passed.length || span <= 0) {
    toSay = toSay.filter((step) => span > step);
    if (status.textContent !== text) status.textContent = text;
  }
  clearTimeout(next);
  if (span < NEAR && !isAsked) ask().then(show);
  if (span <= 0) return;
  // Wake up when the smallest unit shown changes; every few minutes at least, as timers drift.
  const unit = span < HOUR ? SECOND : MINUTE;
  next = setTimeout(show, Math.min((span % unit) + 5, 5 * MINUTE));
}

if (line) {
  toSay = SAID_AT.filter((step) => left() > step);
  show();
  // A page that slept, or came back from the browser's memory, has lost the time it slept.
  const again = () => document.hidden || ask().then(show);
  document.addEventListener("visibilitychange", again);
  addEventListener("pageshow", (event) => event.persisted && again());
}
