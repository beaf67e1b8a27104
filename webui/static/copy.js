// Copies a reference by its button, and the URL of a paragraph by the sign behind it.

const status = Object.assign(document.createElement("span"), { className: "unseen", role: "status" });
document.body.append(status);

for (const text of document.querySelectorAll("[data-copy]")) {
  const { copy: name, copied } = text.dataset;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: name });
  const said = text.textContent.trim();
  text.prepend(button);
  button.addEventListener("click", async () => {
    if (!(await put(said))) return getSelection().selectAllChildren(text); // then the keyboard can copy it
    button.textContent = status.textContent = copied;
    setTimeout(() => (button.textContent = name), 2000);
  });
}

for (const link of document.querySelectorAll("a.here")) link.addEventListener("click", () => put(link.href));

/** Whether the text was copied; a page without HTTPS has no clipboard. */
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
