// The page of verdicts: one item at a time, judged by keys; what was said is kept by the browser and saved as JSON.
// Nothing is asked of a server, and texts are only ever set as text.
"use strict";
const told = JSON.parse(document.getElementById("carried").textContent);
const items = told.items.filter((item) => item.pieces.length);
const place = ["corpusmill", told.dataset, told.content_hash, told.seed].join(" ");
const $ = (id) => document.getElementById(id);
let kept = { reviewer: "", said: {} };
let at = 0;
let saved = true;

const nameOf = (item) => [item.kind, item.doc_id, item.field, item.start].join(" ");
const verdictOf = (item) => kept.said[nameOf(item)];

function recall() {
  try {
    const found = JSON.parse(localStorage.getItem(place));
    if (found && typeof found.said === "object") kept = { reviewer: String(found.reviewer), said: found.said };
  } catch { /* a browser that keeps nothing: what was said lives as long as the page */ }
}

function keep() {
  try { localStorage.setItem(place, JSON.stringify(kept)); } catch { /* as above */ }
}

function say(text) { $("told").textContent = text; }

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// Masked text: placeholders are set off as in the report.
function masked(text, into) {
  text.split(/(<[A-Z][A-Z_]+(?::[0-9a-f]{12})?>)/).forEach((part, n) => {
    into.append(n % 2 ? element("mark", part.slice(1, -1)) : part.replace(/(\\[nrt])+/g, " ⏎ "));
  });
}

function show() {
  const item = items[at];
  const asked = item.kind === "finding";
  $("number").textContent = `${at + 1} of ${items.length}`;
  $("kind").textContent = asked ? item.entity_type : "Passage as published";
  $("question").textContent = asked ? "Was what is marked personal data of this type?" : "Was personal data missed here?";
  const text = $("text");
  text.replaceChildren();
  text.lang = item.language;
  for (const [piece, here] of item.pieces) {
    const into = here ? element("em", "", "only") : text;
    masked(piece, into);
    if (here) text.append(into);
  }
  const about = [item.source, item.language, item.field];
  if (asked) about.push(`found by ${item.recogniser}`, `score ${Number(item.score).toFixed(2)}`, item.operator);
  $("about").textContent = about.join(" · ");
  $("shape").textContent = item.shape ? `It looked like ${item.shape}` : "";
  $("doc").textContent = item.doc_id;
  const chosen = verdictOf(item);
  $("verdicts").replaceChildren(...told.verdicts[item.kind].map(([name, words], n) => {
    const button = element("button");
    button.type = "button";
    button.append(element("kbd", String(n + 1)), ` ${words}`);
    button.setAttribute("aria-pressed", String(name === chosen));
    button.addEventListener("click", () => judge(n));
    return button;
  }));
  progress();
}

function progress() {
  const done = items.filter(verdictOf).length;
  $("done").textContent = `${done} of ${items.length} judged`;
  $("bar").max = items.length;
  $("bar").value = done;
}

function judge(n) {
  const item = items[at];
  const choice = told.verdicts[item.kind][n];
  if (!choice) return;
  kept.said[nameOf(item)] = choice[0];
  saved = false;
  keep();
  const next = [...items.keys()].map((n) => (at + 1 + n) % items.length).find((n) => !verdictOf(items[n]));
  if (next === undefined) {
    show();
    say(`Judged: ${choice[1]}. All are judged, press s to save.`);
  } else {
    at = next;
    show();
    say(`Judged: ${choice[1]}. Now ${at + 1} of ${items.length}.`);
  }
}

function clear() {
  delete kept.said[nameOf(items[at])];
  saved = false;
  keep();
  show();
  say("The verdict was taken back.");
}

function move(by) {
  at = Math.min(items.length - 1, Math.max(0, at + by));
  show();
  say("");
}

function save() {
  const judged = items.filter(verdictOf);
  if (!kept.reviewer.trim()) {
    say("Who judged? Give a name first, then press Enter and s.");
    $("reviewer").focus();
    return;
  }
  if (!judged.length) return say("Nothing was judged yet.");
  const content = {
    format: told.format, dataset: told.dataset, content_hash: told.content_hash, seed: told.seed,
    reviewer: kept.reviewer.trim(), saved_at: new Date().toISOString(),
    verdicts: judged.map((item) => ({
      kind: item.kind, doc_id: item.doc_id, field: item.field, start: item.start, verdict: verdictOf(item),
    })),
  };
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
  link.download = `verdicts-${told.dataset}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
  saved = true;
  say(`Saved ${judged.length} verdicts as ${link.download}. Now: corpusmill audit --verdicts ${link.download}`);
}

const KEYS = {
  ArrowRight: () => move(1), ArrowLeft: () => move(-1), j: () => move(1), k: () => move(-1),
  Home: () => move(-items.length), End: () => move(items.length), Backspace: clear, s: save,
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === $("reviewer")) {
    if (event.key === "Enter" || event.key === "Escape") $("card").focus();
    return;
  }
  const action = KEYS[event.key] || (/^[1-9]$/.test(event.key) ? () => judge(Number(event.key) - 1) : null);
  if (action && items.length) {
    event.preventDefault();
    action();
  }
});
addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
$("reviewer").addEventListener("input", (event) => { kept.reviewer = event.target.value; keep(); });
$("save").addEventListener("click", save);

recall();
$("reviewer").value = kept.reviewer;
if (items.length) {
  at = Math.max(0, items.findIndex((item) => !verdictOf(item)));
  show();
  (kept.reviewer ? $("card") : $("reviewer")).focus();
} else {
  $("card").hidden = true;
  say("There is nothing to judge.");
}
