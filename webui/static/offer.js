// Keeps the offer of English away from all pages once it is dismissed; without this script, from one page.

const offer = document.querySelector(".offer");
const key = "english-dismissed";
if (kept()) offer.remove();
offer.querySelector(".dismiss").addEventListener("click", (event) => {
  event.preventDefault();
  offer.remove();
  kept("yes");
});

/** Reads or writes the choice; a browser may refuse to keep anything. */
function kept(choice) {
  try {
    return choice ? localStorage.setItem(key, choice) : localStorage.getItem(key);
  } catch {
    return null;
  }
}
