// Keeps a basket of reports, sections and figures in this browser: a button beside each of them, and the page of the
// basket. Nothing is sent; the links of the page export the items by their address.

const KEY = "gongkai.basket";
const names = document.querySelector("#basket-names").dataset;
const most = Number(names.most);
const own = document.querySelector(".own-basket");

for (const host of document.querySelectorAll("[data-basket]")) toggle(host);
for (const button of document.querySelectorAll("[data-basket-all]")) all(button);
for (const table of document.querySelectorAll("[data-basket-cells]")) picker(table);
if (own) list();
addEventListener("storage", ({ key }) => key === KEY && own && list()); // another window changed it

/** The items, oldest first; none if the browser keeps nothing for this site. */
function kept() {
  try {
    const items = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(items) ? items.filter((each) => typeof each?.item === "string" && typeof each.href === "string" && each.href.startsWith("/")) : [];
  } catch {
    return [];
  }
}

/** Whether the items were kept; a full or closed storage refuses. */
function keep(items) {
  try {
    localStorage.setItem(KEY, JSON.stringify(items));
    return true;
  } catch {
    return false;
  }
}

function entry({ basket: item, basketTitle: title, basketHref: href }) {
  return { item, title, href, on: new Date().toISOString().slice(0, 10) };
}

/** A button that adds what its host names, or removes it. */
function toggle(host) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "keep" });
  const { item, title } = entry(host.dataset);
  const update = () => {
    const is = kept().some((each) => each.item === item);
    button.setAttribute("aria-pressed", is);
    button.textContent = "basketShort" in host.dataset ? (is ? "✓" : "+") : is ? names.remove : names.add;
    button.setAttribute("aria-label", `${is ? names.remove : names.add}: ${title}`);
    button.title = is ? names.remove : names.add;
  };
  button.addEventListener("click", () => {
    const items = kept();
    const left = items.filter((each) => each.item !== item);
    if (left.length === items.length && items.length >= most) button.textContent = names.full;
    else if (keep(left.length < items.length ? left : [...items, entry(host.dataset)])) dispatchEvent(new Event("basket"));
  });
  for (const change of ["storage", "basket"]) addEventListener(change, update);
  update();
  host.append(button);
}

/** A button below a table that shows a button in each cell with a figure, and hides them again. */
function picker(table) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "keep", textContent: names.pick });
  const cells = [...table.querySelectorAll("td[data-figure]")];
  if (!cells.length) return;
  button.setAttribute("aria-pressed", false);
  button.addEventListener("click", () => {
    const is = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", is);
    for (const cell of cells) {
      if (!cell.querySelector(".to-basket")) cell.append(hostOf(cell, table));
      cell.querySelector(".to-basket").hidden = !is;
    }
  });
  table.querySelector(".pick-cells").append(button);
}

/** The host of a cell: the report or the agency, the names of its row and its column or year. */
function hostOf(cell, table) {
  const { basketCells, basketTitle, basketHref, basketColumns } = table.dataset;
  const columns = JSON.parse(basketColumns ?? "{}");
  const label = [...cell.parentElement.querySelector("th").childNodes].filter((each) => each.className !== "computed-mark").map((each) => each.textContent).join("").trim();
  const column = columns[cell.dataset.figure.split(".").at(-1)] ?? (basketColumns ? "" : table.querySelector(`thead th:nth-child(${cell.cellIndex + 1})`).textContent);
  const title = basketTitle ?? cell.closest("tbody").querySelector(".title th").textContent.trim();
  const host = Object.assign(document.createElement("span"), { className: "to-basket" });
  Object.assign(host.dataset, { basket: basketCells + cell.dataset.figure, basketShort: "" });
  Object.assign(host.dataset, { basketTitle: [title, label, column].filter(Boolean).join(" · "), basketHref: basketHref ?? cell.querySelector("a").getAttribute("href") });
  toggle(host);
  return host;
}

/** Adds every item of a shared basket that there is room for. */
function all(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const items = kept();
    const added = [...document.querySelectorAll("[data-basket]")].map((host) => entry(host.dataset)).filter((each) => !items.some(({ item }) => item === each.item));
    if (keep([...items, ...added].slice(0, most))) location.assign(button.dataset.basketAll);
  });
}

/** The page of the basket: its items, and links that export them. */
function list() {
  const items = kept();
  document.querySelector(".needs-script")?.remove();
  own.hidden = !items.length;
  document.querySelector(".no-items").hidden = Boolean(items.length);
  own.querySelector("ol").replaceChildren(...items.map(row));
  for (const link of own.querySelectorAll("a[data-export]")) {
    link.href = `${link.dataset.export}?${new URLSearchParams(items.map(({ item }) => ["item", item]))}`;
  }
  own.querySelector(".clear").onclick = () => keep([]) && list();
}

function row(each) {
  const line = document.querySelector("#kept-item").content.cloneNode(true);
  const link = line.querySelector("a");
  Object.assign(link, { textContent: each.title || each.item, href: each.href });
  line.querySelector("time").textContent = each.on ?? "";
  const button = line.querySelector("button");
  button.setAttribute("aria-label", `${button.textContent}: ${link.textContent}`);
  button.addEventListener("click", () => keep(kept().filter(({ item }) => item !== each.item)) && list());
  return line;
}
