// Steps between the hits of a report by two buttons or the keys n (next) and p (previous); the fragment names the hit.

const marks = [...document.querySelectorAll("mark[id]")].filter((mark) => mark.id.startsWith("hit-"));
const { next, previous } = document.querySelector(".marked-for").dataset;
const bar = Object.assign(document.createElement("div"), { className: "stepper", role: "group" });
const place = document.createElement("output");
bar.append(button("‹", `${previous} (p)`, -1), place, button("›", `${next} (n)`, 1));
document.querySelector("article").append(bar);
addEventListener("hashchange", tell);
tell();

addEventListener("keydown", (event) => {
  const by = { n: 1, p: -1 }[event.key];
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (by && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) step(by);
});

function button(sign, name, by) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: sign, title: name, ariaLabel: name });
  made.addEventListener("click", () => step(by));
  return made;
}

/** The index of the hit in the fragment, or -1. */
function current() {
  return marks.findIndex((mark) => `#${mark.id}` === location.hash);
}

/** Moves from the current hit; without one, to the first below the top of the window or the last above it. */
function step(by) {
  const below = marks.findIndex((mark) => mark.getBoundingClientRect().top > 0);
  const from = current();
  const to = from >= 0 ? from + by : below < 0 ? marks.length : below - (by < 0 ? 1 : 0);
  const mark = marks[(to + marks.length) % marks.length];
  location.replace(`#${mark.id}`); // a step is not an entry in the history
  mark.querySelector("a").focus({ preventScroll: true });
}

function tell() {
  const number = current() + 1;
  place.textContent = number ? `${number} / ${marks.length}` : `${marks.length}`;
}
