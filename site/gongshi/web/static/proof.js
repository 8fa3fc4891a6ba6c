// The proof of work of a form (decision 0012): ALTCHA's protocol, PBKDF2 in the browser's own code beside the page, so
// that nothing freezes. It begins with the first letter typed. Without it the form is sent all the same.
"use strict";

const field = document.querySelector("[data-challenge]");
const words = document.querySelector("[data-proof-words]");
const AT_ONCE = 8;
const GOOD_FOR = 9 * 60 * 1000; // Of the ten minutes; by this page's own stopwatch, never by the visitor's clock.
const SLOW = 1500;
const PATIENCE = 90 * 1000;

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive(parameters, counter) {
  const nonce = bytes(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(parameters.salt), iterations: parameters.cost };
  return hex(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8));
}

async function solve(challenge, progress) {
  const { parameters } = challenge;
  const most = parameters.data.tries * 2;
  for (let first = 0; first < most; first += AT_ONCE) {
    const counters = Array.from({ length: AT_ONCE }, (_, place) => first + place);
    const keys = await Promise.all(counters.map((counter) => derive(parameters, counter)));
    const found = keys.findIndex((key) => key.startsWith(parameters.keyPrefix));
    if (found >= 0) return { counter: first + found, derivedKey: keys[found] };
    progress(first / most);
  }
  throw new Error("no solution");
}

let running = null;
let solvedAt = -Infinity;

// Quiet unless it takes long; then said once, and again at each quarter, so that a screen reader is not flooded.
function teller() {
  const begun = performance.now();
  let told = 0;
  return (part) => {
    const quarter = Math.floor(part * 4);
    if (performance.now() - begun < SLOW || (told && quarter < told)) return;
    told = quarter + 1;
    words.hidden = false;
    words.textContent = `${words.dataset.working} ${quarter ? `${words.dataset.progress} ${quarter * 25} %` : ""}`;
  };
}

async function prove() {
  field.value = "";
  try {
    const answer = await fetch(field.dataset.challenge, { cache: "no-store", credentials: "omit" });
    if (!answer.ok) return;
    const asked = performance.now();
    const challenge = await answer.json();
    const solution = await solve(challenge, teller());
    field.value = btoa(JSON.stringify({ challenge, solution }));
    solvedAt = asked;
  } catch {
    field.value = ""; // No network, no secure context: the tighter way without a proof is open.
  } finally {
    words.hidden = true;
    running = null;
  }
}

const isGood = () => field.value !== "" && performance.now() - solvedAt < GOOD_FOR;
const begin = () => (running ??= prove());

// Buttons that only lead to the next step of the form need no proof; the one that sends it has no name, or sends.
const sends = (button) => !button?.name || button.value === "send";

if (field && globalThis.crypto?.subtle) {
  const { form } = field;
  const texts = Array.from(form.querySelectorAll("textarea"));
  let waited = false;

  form.addEventListener("input", () => isGood() || begin());
  if (!texts.length || texts.some((text) => text.value)) begin();

  form.addEventListener("submit", (event) => {
    if (waited || isGood() || !sends(event.submitter)) return;
    event.preventDefault();
    const button = event.submitter;
    words.hidden = false;
    words.textContent = words.dataset.sending;
    const enough = new Promise((done) => setTimeout(done, PATIENCE));
    Promise.race([begin(), enough]).then(() => {
      waited = true;
      form.requestSubmit(button);
      waited = false;
    });
  });

  // Back from the receipt to a page that the browser kept: that solution is used up.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    field.value = "";
    words.hidden = true;
    if (texts.some((text) => text.value)) begin();
  });
}
