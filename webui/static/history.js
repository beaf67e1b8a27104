// Keeps the last searches in this browser, and lists them on the page of the history. Nothing is sent.

const KEY = "gongkai.history";
const OFF = "gongkai.history.off";
const page = document.querySelector(".own-history");
const asked = document.querySelector("[data-asked]")?.dataset;

if (page) list();
else if (asked?.asked && !read(OFF, false)) record();

function read(key, without) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? without;
  } catch {
    return without;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or closed storage keeps nothing.
  }
}

function searches() {
  const found = read(KEY, []);
  return Array.isArray(found) ? found.filter((each) => typeof each?.href === "string" && each.href.startsWith("/")) : [];
}

/** The search of this page becomes the newest; the same address stands in the list once. */
function record() {
  const parameters = new URLSearchParams(location.search);
  parameters.delete("page");
  const href = `${location.pathname}?${parameters}`;
  const others = searches().filter((each) => each.href !== href);
  write(KEY, [{ href, query: asked.asked, view: asked.view, at: new Date().toISOString() }, ...others].slice(0, Number(asked.most)));
}

function list() {
  const found = searches();
  document.querySelector(".needs-script")?.remove();
  page.hidden = false;
  document.querySelector(".no-items").hidden = Boolean(found.length);
  page.querySelector("ol").replaceChildren(...found.map(row));
  const clear = page.querySelector(".clear");
  clear.hidden = !found.length;
  clear.onclick = () => (write(KEY, []), list());
  const off = page.querySelector("input");
  off.checked = !read(OFF, false);
  off.onchange = () => write(OFF, !off.checked);
}

function row(each) {
  const line = document.querySelector("#kept-item").content.cloneNode(true);
  const link = line.querySelector("a");
  Object.assign(link, { textContent: each.query, href: each.href });
  line.querySelector(".view").textContent = each.view ?? "";
  line.querySelector("time").textContent = new Date(each.at).toLocaleString(document.documentElement.lang);
  const button = line.querySelector("button");
  button.setAttribute("aria-label", `${button.textContent}: ${each.query}`);
  button.addEventListener("click", () => (write(KEY, searches().filter(({ href }) => href !== each.href)), list()));
  return line;
}
