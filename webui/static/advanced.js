// Writes the query while the advanced form is filled in, and offers only the columns of the chosen table.

const form = document.querySelector("form#advanced");
const { row, column } = form.elements;
const columns = [...column.querySelectorAll("optgroup")];
let wait;
let request;

form.addEventListener("input", () => {
  offer();
  clearTimeout(wait);
  wait = setTimeout(write, 400);
});
offer();

function offer() {
  const table = row.value.split(".")[0];
  for (const group of columns) group.disabled = table !== "" && !group.firstElementChild.value.startsWith(`${table}.`);
  if (column.selectedOptions[0]?.parentElement.disabled) column.value = "";
}

/** Replaces the query and the marks of mistakes by those of the page for what is filled in; keeps the fields. */
async function write() {
  const filled = [...new FormData(form)].filter(([, value]) => value.trim());
  const address = new URL(form.action);
  address.search = new URLSearchParams(filled);
  address.hash = "";
  request?.abort();
  request = new AbortController();
  try {
    const answer = await fetch(address, { signal: request.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("#written").replaceChildren(...page.querySelector("#written").childNodes);
    for (const mistake of form.querySelectorAll(".mistake")) mistake.remove();
    for (const field of form.querySelectorAll("[name]:not([type=checkbox])")) {
      const other = page.getElementById(field.id);
      field.ariaInvalid = other.ariaInvalid;
      const mistake = page.getElementById(`${field.id}-mistake`);
      if (mistake) field.closest("p").append(mistake);
    }
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}
