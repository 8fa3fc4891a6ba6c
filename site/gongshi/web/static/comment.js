// Commenting works without this. With it, the length is shown while typing, and a draft stays in this browser until its
// receipt is shown: through refusals, lost connections, closed windows and crashes. It is sent to nobody.
"use strict";

// In a scope of its own: other scripts stand on the same pages.
(() => {
  const PREFIX = "gongshi-draft ";
  const NO_DRAFTS = "gongshi-no-drafts";
  const KEPT_DAYS = 90;

  // A browser may forbid storage, or have no room; then everything but the draft works.
  const storage = {
    works: true,
    attempt(act) {
      try {
        return act(window.localStorage);
      } catch {
        this.works = false;
        return null;
      }
    },
    get(name) { return this.attempt((store) => store.getItem(name)); },
    set(name, text) { return this.attempt((store) => store.setItem(name, text)); },
    remove(name) { return this.attempt((store) => store.removeItem(name)); },
    names() { return this.attempt((store) => Object.keys(store)) || []; },
  };

  const drafts = {
    name: (number, key) => `${PREFIX}${number} ${key}`,
    read(name) {
      try {
        const found = JSON.parse(storage.get(name));
        return found && typeof found.saved === "number" && typeof found.key === "string" ? found : null;
      } catch {
        return null;
      }
    },
    of(number) {
      const names = storage.names().filter((name) => name.startsWith(`${PREFIX}${number} `));
      const found = names.map((name) => ({ name, ...drafts.read(name) })).filter((one) => one.key);
      return found.sort((one, other) => other.saved - one.saved);
    },
    forgetOld() {
      for (const name of storage.names().filter((one) => one.startsWith(PREFIX))) {
        const found = drafts.read(name);
        if (!found || Date.now() - found.saved > KEPT_DAYS * 86_400_000) storage.remove(name);
      }
    },
  };

  function timeOf(draft) {
    const how = { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" };
    return new Intl.DateTimeFormat(document.documentElement.lang, how).format(draft.saved);
  }

  function listed(packed) {
    try {
      const found = JSON.parse(packed || "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  // What was being written, as the server reads it back. Half a surrogate pair has no place in UTF-8.
  function unfinished(draft) {
    if (!draft.kind && !(draft.text || "").trim() && !(draft.resolution || "").trim()) return [];
    const asked = new URLSearchParams((draft.address || "").split("?")[1]);
    const whole = (text) => (text || "").replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
    const paragraph = asked.get("paragraph");
    return [{
      kind: draft.kind || "", text: whole(draft.text), resolution: whole(draft.resolution),
      project: asked.has("project") ? Number(asked.get("project")) : null,
      version: paragraph ? Number(asked.get("version")) : null, paragraph,
    }];
  }

  function together(draft) {
    const found = listed(draft.gathered);
    const place = draft.position === "" || draft.position === undefined ? found.length : Number(draft.position);
    found.splice(place, 0, ...unfinished(draft));
    return found;
  }

  function setUp(form) {
    const number = form.dataset.draft;
    const isWriting = form.dataset.step === "write";
    const field = (name) => form.elements.namedItem(name);
    const value = (name) => (field(name) ? field(name).value : "");
    const ownKey = value("submission_key");
    const notice = document.getElementById("draft");
    const keeping = document.getElementById("keeping");
    const noDraft = document.getElementById("no-draft");
    const keepPersonal = document.getElementById("keep-personal");
    const personal = ["name", "contact"].map(field).filter((one) => one && one.type !== "hidden");

    function carry(name, text) {
      let found = field(name);
      if (!found) {
        found = document.createElement("input");
        found.type = "hidden";
        found.name = name;
        form.append(found);
      }
      found.value = text;
      if (!text && name !== "submission_key") found.remove();
    }

    function say(words, buttons = []) {
      notice.querySelector("[role=status]").textContent = words;
      const acts = notice.querySelector(".acts");
      acts.replaceChildren(...buttons.map(([label, act]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn second";
        button.textContent = label;
        button.addEventListener("click", act);
        return button;
      }));
      acts.hidden = !buttons.length;
      notice.hidden = false;
    }

    function snapshot(sending) {
      const found = { saved: Date.now(), sending, key: value("submission_key"), gathered: value("gathered") };
      if (isWriting) {
        Object.assign(found, {
          address: form.getAttribute("action"), position: value("position"),
          kind: value("kind"), text: value("text"), resolution: value("resolution"),
        });
      }
      if (keepPersonal && keepPersonal.checked) found.person = personal.map((one) => one.value);
      else if (!keepPersonal) found.person = drafts.read(drafts.name(number, found.key))?.person;
      return found;
    }

    function save(sending = false) {
      const found = snapshot(sending);
      const name = drafts.name(number, found.key);
      const isEmpty = !found.gathered && !(found.text || "").trim() && !(found.resolution || "").trim();
      const isUnwanted = noDraft ? noDraft.checked : storage.get(NO_DRAFTS) === "1";
      if (isEmpty || isUnwanted) storage.remove(name);
      else storage.set(name, JSON.stringify(found));
      if (!keeping) return;
      const shown = keeping.querySelector("[data-kept]");
      if (!storage.works) keeping.textContent = keeping.dataset.impossible;
      else if (isUnwanted) shown.textContent = shown.dataset.none;
      else shown.textContent = isEmpty ? "" : shown.dataset.kept.replace("{time}", timeOf(found));
    }

    function adopt(draft, packed) {
      carry("submission_key", draft.key);
      carry("gathered", packed);
    }

    function othersOf(packed) {
      const count = listed(packed).length;
      return count ? ` ${notice.dataset.others.replace("{count}", count)}` : "";
    }

    function discard(draft, after) {
      storage.remove(draft.name);
      after();
      say(notice.dataset.discarded);
    }

    function restore(draft) {
      adopt(draft, draft.gathered);
      carry("position", draft.position || "");
      for (const name of ["text", "resolution"]) field(name).value = draft[name] || "";
      for (const one of form.querySelectorAll("[name=kind]")) one.checked = one.value === draft.kind;
      const again = () => {
        adopt({ key: ownKey }, "");
        carry("position", "");
        form.reset();
        for (const area of form.querySelectorAll("textarea")) area.dispatchEvent(new Event("counted"));
      };
      say(
        notice.dataset.restored.replace("{time}", timeOf(draft)) + othersOf(draft.gathered),
        [[notice.dataset.discard, () => discard(draft, again)]],
      );
    }

    function offer(draft) {
      const all = together(draft);
      const add = () => {
        adopt(draft, JSON.stringify(all));
        carry("position", "");
        save();
        say(othersOf(JSON.stringify(all)).trim());
      };
      const check = () => {
        adopt(draft, JSON.stringify(all));
        form.requestSubmit(form.querySelector("[name=step][value=review]"));
      };
      const goOn = () => { location.assign(`${location.pathname}?${(draft.address || "").split("?")[1] || ""}`); };
      say(notice.dataset.waiting.replace("{time}", timeOf(draft)).replace("{count}", all.length), [
        [notice.dataset.add, add],
        unfinished(draft).length ? [notice.dataset.continue, goOn] : [notice.dataset.check, check],
        [notice.dataset.discard, () => discard(draft, () => {})],
      ]);
    }

    const asked = (address) => new URLSearchParams((address || "").split("?")[1]).toString();

    function meetDraft() {
      const [draft] = drafts.of(number);
      if (!draft) return;
      if (unfinished(draft).length && asked(draft.address) === asked(form.getAttribute("action"))) restore(draft);
      else offer(draft);
    }

    function meetPerson() {
      const kept = drafts.read(drafts.name(number, ownKey))?.person;
      if (!Array.isArray(kept) || !keepPersonal || personal.some((one) => one.value)) return;
      personal.forEach((one, place) => { one.value = kept[place] || ""; });
      keepPersonal.checked = true;
      form.querySelector("details.person").open = kept.some(Boolean);
    }

    let isWarned = false;
    form.addEventListener("submit", (event) => {
      const step = event.submitter ? event.submitter.value : "send";
      if (navigator.onLine === false && !isWarned) {
        isWarned = true;
        event.preventDefault();
        save();
        say(notice.dataset.offline);
        notice.scrollIntoView({ block: "center" });
        return;
      }
      save(step === "send");
    });
    form.addEventListener("input", () => save());
    if (keeping) {
      keeping.hidden = false;
      noDraft.checked = storage.get(NO_DRAFTS) === "1";
      noDraft.addEventListener("change", () => {
        if (noDraft.checked) storage.set(NO_DRAFTS, "1");
        else storage.remove(NO_DRAFTS);
      });
    }
    if (keepPersonal) document.getElementById("keep-person").hidden = !storage.works;
    if (form.hasAttribute("data-fresh")) meetDraft();
    else {
      meetPerson();
      save();
    }
    count(form);
  }

  function count(form) {
    for (const area of form.querySelectorAll("textarea[data-limit]")) {
      const shown = document.querySelector(`[data-counts="${area.id}"]`);
      if (!shown) continue;
      const show = () => {
        const length = Array.from(area.value).length;
        shown.textContent = `${shown.dataset.words} ${length}`;
        shown.classList.toggle("wrong", length > Number(area.dataset.limit));
      };
      area.addEventListener("input", show);
      area.addEventListener("counted", show);
      show();
    }
  }

  drafts.forgetOld();
  const writing = document.querySelector("form#comment[data-draft]");
  if (writing) setUp(writing);

  // The receipt is here: what was sent has done its work as a draft.
  const sent = document.querySelector("[data-sent]");
  if (sent) for (const draft of drafts.of(sent.dataset.sent)) if (draft.sending) storage.remove(draft.name);
})();
