// Suggests values for every field with `data-suggest`, by characters, pinyin and initials, from the API.
// A combobox with a list (ARIA APG): arrows move, Enter selects, Escape closes.

const MOST_SEARCHED = 2; // agencies with a second line that searches their reports
const WAIT = 120; // milliseconds, so that fast typing sends one request
document.querySelectorAll("input[data-suggest]").forEach(combobox);

function combobox(input) {
  const list = Object.assign(document.createElement("ul"), { id: `${input.id}-options`, className: "options", hidden: true, role: "listbox" });
  list.ariaLabel = input.dataset.suggestName;
  const status = Object.assign(document.createElement("span"), { className: "unseen", role: "status" });
  input.after(list, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" }))
    input.setAttribute(name, value);
  let options = [];
  let active = -1;
  let timer = 0;
  let asking = new AbortController();

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const { text, quoted } = input.dataset.suggestWhole === undefined ? word(input) : { text: input.value.trim() };
    if (!text) return close();
    const asked = new URLSearchParams({ q: text, limit: 8 });
    if (quoted) asked.append("kind", "phrase");
    else if (input.dataset.suggestWithin) asked.append("line", input.value); // a year may follow the name of an agency
    try {
      const answer = await fetch(`${input.dataset.suggest}?${asked}`, { signal: asking.signal });
      if (answer.ok && document.activeElement === input) show(listed(await answer.json(), input));
    } catch (error) {
      if (error.name !== "AbortError") close(); // the field works without suggestions
    }
  }

  function show(found) {
    options = found;
    active = -1;
    list.replaceChildren(...options.map((option, number) => drawn(option, `${list.id}-${number}`)));
    [...list.children].forEach((item, number) => item.addEventListener("pointerdown", (event) => (event.preventDefault(), take(number))));
    open(options.length > 0);
    status.textContent = input.dataset.suggestCount.replace("{}", options.length);
  }

  function open(is) {
    list.hidden = !is;
    input.ariaExpanded = String(is);
    if (!is) move(-1);
  }

  function close() {
    clearTimeout(timer);
    asking.abort();
    open(false);
  }

  function move(to) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = to;
    const item = list.children[active];
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (item) input.setAttribute("aria-activedescendant", item.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function take(number) {
    const option = options[number];
    close();
    if (option.url) return location.assign(option.url);
    const { start, end } = option.whole ? { start: 0, end: input.value.length } : word(input);
    input.setRangeText(option.query, start, end, "end");
    input.form.requestSubmit();
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", () => (timer = setTimeout(ask, WAIT)));
  input.addEventListener("blur", close);
  input.addEventListener("click", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return close(); // the list belongs to the word before
    const last = options.length - 1;
    if (list.hidden) return event.key === "ArrowDown" && input.value ? (event.preventDefault(), ask()) : undefined;
    if (event.key === "ArrowDown") move(active < last ? active + 1 : -1);
    else if (event.key === "ArrowUp") move(active < 0 ? last : active - 1);
    else if (event.key === "Enter" && active >= 0) take(active);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}

/** The text being typed and its position: the word before the caret without its field, or an open quotation. */
function word(input) {
  const end = input.selectionStart ?? input.value.length;
  const before = input.value.slice(0, end);
  const open = before.split('"').length % 2 === 0 ? before.lastIndexOf('"') : before.search(/[“「][^”」]*$/);
  if (open >= 0) return { start: open, end: end + /^[”」"]?/.exec(input.value.slice(end))[0].length, text: before.slice(open + 1), quoted: true };
  const [token] = /[^\s()（）　]*$/u.exec(before);
  const sign = token.startsWith("-") ? 1 : 0;
  return { start: end - token.length + sign, end, text: token.slice(sign).split(/[:：]/).at(-1), quoted: false };
}

function listed(answer, input) {
  const counted = (each) => input.dataset.suggestSections.replace("{}", each.count.toLocaleString("en"));
  if (answer.suggestions) {
    const within = input.dataset.suggestWithin;
    const site = input.dataset.suggest.replace(/\/api\/.*/, "");
    const agencies = answer.suggestions.filter((each) => each.kind === "agency" && each.url);
    const searched = within ? agencies.slice(0, agencies.length > MOST_SEARCHED ? 1 : MOST_SEARCHED) : [];
    return answer.suggestions.flatMap((each) => {
      const option = { ...each, url: within && each.url && site + each.url, note: `${each.kind_name} · ${counted(each)}` };
      return searched.includes(each) ? [option, { text: within, query: each.query, whole: true, note: "" }] : [option];
    });
  }
  return answer.agencies.map((each) => ({
    text: each.name, url: `${input.form.action}/${each.agency}`, note: [...new Set(each.names.map((name) => name.name))].filter((name) => name !== each.name).join("、"),
  }));
}

function drawn(option, id) {
  const item = Object.assign(document.createElement("li"), { id, role: "option", ariaSelected: "false", className: option.whole ? "within" : "" });
  const text = Object.assign(document.createElement("span"), { textContent: option.text });
  if (!option.whole) text.lang = "zh-Hans";
  const note = Object.assign(document.createElement("span"), { className: "note", textContent: option.note });
  item.append(text, note);
  return item;
}
