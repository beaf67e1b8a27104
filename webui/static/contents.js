// Marks the section in the upper part of the window as the current one in the contents of a report.

const nav = document.querySelector(".contents");
const links = new Map([...nav.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
const inView = new Set();

function follow() {
  const current = [...links.keys()].find((id) => inView.has(id)); // in the order of the report
  if (!current) return;
  for (const [id, link] of links) {
    if (id !== current) link.removeAttribute("aria-current");
    else if (!link.ariaCurrent) {
      link.setAttribute("aria-current", "location");
      nav.scrollTop = link.offsetTop - nav.clientHeight / 2; // no effect without overflow
    }
  }
}

const watch = new IntersectionObserver(
  (seen) => {
    for (const { target, isIntersecting } of seen) inView[isIntersecting ? "add" : "delete"](target.id);
    follow();
  },
  { rootMargin: "-15% 0px -75% 0px" },
);
for (const id of links.keys()) watch.observe(document.getElementById(id));
