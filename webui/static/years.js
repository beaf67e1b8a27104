// Draws the bars of a search by Apache ECharts behind their buttons: the reports held, and in front those with a hit. A year
// under the pointer or in focus shows its counts; dragging over several years filters by that span.

const list = document.querySelector(".bars");
const bars = [...list.querySelectorAll("button")];
const items = [...list.children];
const years = items.map((item) => Number(item.dataset.year));
const idle = globalThis.requestIdleCallback ?? setTimeout;
idle(draw);
drag();

async function draw() {
  await import(list.dataset.library);
  const canvas = list.appendChild(Object.assign(document.createElement("li"), { className: "canvas", ariaHidden: true, role: "presentation" }));
  fit(canvas);
  const chart = echarts.init(canvas);
  const update = () => chart.setOption(option());
  update();
  list.classList.add("drawn");
  for (const bar of bars) {
    const dataIndex = items.indexOf(bar.closest("li"));
    bar.dataset.told = bar.title;
    bar.removeAttribute("title"); // the browser would show the same a second time
    for (const event of ["pointerenter", "focus"]) bar.addEventListener(event, () => tell(true));
    for (const event of ["pointerleave", "blur"]) bar.addEventListener(event, () => tell(false));
    const tell = (is) => {
      chart.dispatchAction({ type: is ? "highlight" : "downplay", seriesIndex: 1, dataIndex });
      chart.dispatchAction(is ? { type: "showTip", seriesIndex: 1, dataIndex } : { type: "hideTip" });
    };
  }
  new ResizeObserver(() => (fit(canvas), chart.resize(), update())).observe(list);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
}

/** The bars alone, half a gap wider at both ends, so that each year of the axis is over its bar. */
function fit(canvas) {
  const [bar, gap] = [list.querySelector("svg"), parseFloat(getComputedStyle(list).columnGap)];
  const row = bar.closest("li");
  const box = { left: -gap / 2, top: bar.getBoundingClientRect().top - list.getBoundingClientRect().top, width: (row.offsetWidth + gap) * years.length, height: bar.clientHeight };
  for (const [side, length] of Object.entries(box)) canvas.style[side] = `${length}px`;
}

function option() {
  const look = getComputedStyle(document.documentElement);
  const [held, accent] = [look.getPropertyValue("--held"), look.getPropertyValue("--accent")];
  return {
    animation: false,
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    xAxis: { type: "category", data: years, show: false },
    yAxis: { type: "value", show: false, min: 0, max: "dataMax" },
    tooltip: {
      trigger: "item", renderMode: "richText", confine: false, transitionDuration: 0, padding: [6, 10], position: "inside",
      backgroundColor: look.getPropertyValue("--sheet"), borderColor: look.getPropertyValue("--line"),
      textStyle: { color: look.getPropertyValue("--ink"), fontSize: 12 }, formatter: ({ dataIndex }) => items[dataIndex].querySelector("button").dataset.told,
    },
    series: [
      { type: "bar", barWidth: "58%", silent: true, itemStyle: { color: held, opacity: 0.2 }, data: items.map((item) => Number(item.dataset.held)) },
      {
        type: "bar", barWidth: "58%", barGap: "-100%", barMinHeight: 1, emphasis: { itemStyle: { color: accent, opacity: 1 } },
        data: items.map((item) => ({
          value: Number(item.dataset.count) || "-",
          itemStyle: item.querySelector("[aria-pressed=true]") ? { color: accent } : { color: held, opacity: 0.8 },
        })),
      },
    ],
  };
}

function drag() {
  let from = null;
  let to = null;
  const over = (event) => items.findIndex((item) => item.contains(event.target));
  list.addEventListener("dragstart", (event) => event.preventDefault());
  list.addEventListener("pointerdown", (event) => event.pointerType === "mouse" && event.button === 0 && (from = to = over(event)));
  list.addEventListener("pointerover", (event) => {
    if (from === null || over(event) < 0) return;
    to = over(event);
    items.forEach((item, place) => item.classList.toggle("dragged", from !== to && place >= Math.min(from, to) && place <= Math.max(from, to)));
  });
  addEventListener("pointerup", () => {
    if (from !== null && from !== to) {
      const form = document.querySelector("form#ask");
      const [first, last] = [years[from], years[to]].sort((a, b) => a - b);
      const asked = new URLSearchParams(new FormData(form));
      asked.set("year", `${first}..${last}`);
      location.assign(`${form.action}?${asked}`);
    }
    from = null;
  });
}
