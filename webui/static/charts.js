// Draws the SVG charts again by Apache ECharts with a tooltip of the year under the pointer. The SVG remains: it has the
// data, the colours and the size, and it is printed.

const SYMBOLS = { circle: "circle", rect: "rect", path: "triangle" };
const SIGNS = ["●", "■", "▲", "○", "□", "△"]; // the markers of the lines, in order
const near = new IntersectionObserver(
  (seen) => seen.filter((each) => each.isIntersecting).forEach((each) => (near.unobserve(each.target), draw(each.target))),
  { rootMargin: "300px" },
);
document.querySelectorAll(".chart").forEach((host) => near.observe(host));

async function draw(host) {
  await import(host.dataset.library); // sets globalThis.echarts; loaded once for all charts
  const canvas = host.appendChild(Object.assign(document.createElement("div"), { className: "canvas", ariaHidden: true }));
  const chart = echarts.init(canvas);
  const update = () => chart.setOption(option(host), true);
  update();
  host.classList.add("drawn");
  chart.on("click", ({ data, event }) => data?.address && open(data.address, event.event));
  new ResizeObserver(() => (chart.resize(), update())).observe(host);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
}

function open(address, event) {
  if (event.ctrlKey || event.metaKey) window.open(address);
  else location.assign(address);
}

/** The SVG as options of ECharts. `scale` converts units of the SVG to pixels. */
function option(host) {
  const svg = host.querySelector("svg");
  const scale = host.clientWidth / svg.viewBox.baseVal.width;
  const style = (selector) => getComputedStyle(svg.querySelector(selector));
  const look = getComputedStyle(document.documentElement);
  const font = { color: style("text").fill, fontFamily: style("text").fontFamily, fontSize: parseFloat(style("text").fontSize) * scale };
  const grid = [...svg.querySelectorAll(".grid")].map((line) => line.getBBox());
  const [left, width, bottom, top] = [grid[0].x, grid[0].width, grid[0].y, grid.at(-1).y];
  const breaks = [...svg.querySelectorAll(".break")].map((each) => [Number(each.dataset.year), each.textContent]);
  const series = [...svg.querySelectorAll(".piece")].map((piece) => line(piece, scale));
  if (series.length) series[0].markLine = {
    symbol: "none", silent: true, label: { show: false }, data: breaks.map(([year]) => ({ xAxis: year - 0.5 })),
    lineStyle: { color: look.getPropertyValue("--accent"), type: "dashed", width: 1.5 },
  };
  return {
    animation: false,
    grid: { left: left * scale, top: top * scale, width: width * scale, height: (bottom - top) * scale, containLabel: false, outerBoundsMode: "none" },
    xAxis: { type: "value", ...years(svg, left, width), axisLabel: { ...font, ...names(svg.querySelectorAll("text.year"), true), margin: font.fontSize * 0.7 },
      axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false }, axisPointer: { show: true, snap: true, label: { show: false } } },
    yAxis: { type: "value", min: Number(svg.dataset.lowest), max: Number(svg.dataset.highest), interval: Number(svg.dataset.step), axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { ...font, margin: 10 * scale, formatter: (value) => spelled(value) + host.dataset.unit }, splitLine: { lineStyle: { color: style(".grid").stroke } } },
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, transitionDuration: 0, order: "seriesAsc",
      backgroundColor: look.getPropertyValue("--sheet"), borderColor: look.getPropertyValue("--line"), padding: [8, 12],
      textStyle: { color: look.getPropertyValue("--ink"), fontFamily: font.fontFamily, fontSize: 13, lineHeight: 20 },
      axisPointer: { lineStyle: { color: look.getPropertyValue("--soft") } },
      formatter: (points) => told(points, breaks, host.dataset.unit),
    },
    series,
  };
}

/** One piece of a line. A line with gaps is several series of one name, so that the gaps stay open. */
function line(piece, scale) {
  const [path, dot] = [getComputedStyle(piece.querySelector("path")), piece.querySelector(".dot")];
  const { name } = piece.parentElement.dataset;
  const number = Number(piece.parentElement.getAttribute("class").replace("line-", ""));
  return {
    type: "line", name, symbol: SYMBOLS[dot.tagName], symbolSize: dot.getBoundingClientRect().width || 10, sign: SIGNS[number],
    lineStyle: { color: path.stroke, width: parseFloat(path.strokeWidth) * scale, cap: "round", type: path.strokeDasharray === "none" ? "solid" : path.strokeDasharray.split(",").map((part) => parseFloat(part) * scale) },
    itemStyle: { color: getComputedStyle(dot).fill, borderColor: getComputedStyle(dot).stroke, borderWidth: 1.5, opacity: 1 },
    showAllSymbol: true, emphasis: { scale: 1.4 },
    id: `${number}-${piece.querySelector("a").dataset.year}`,
    data: [...piece.querySelectorAll("a")].map((point) => ({
      value: [Number(point.dataset.year), Number(point.dataset.value)], address: point.href.baseVal, sign: SIGNS[number],
    })),
  };
}

/** The ends of the axis of years, computed from the positions of its labels. */
function years(svg, left, width) {
  const [first, second] = [...svg.querySelectorAll("text.year")].map((text) => [Number(text.textContent), Number(text.getAttribute("x"))]);
  const each = second ? (second[1] - first[1]) / (second[0] - first[0]) : width / 2;
  const min = first[0] - (first[1] - left) / each;
  return { min, max: min + width / each };
}

function names(texts) {
  const shown = new Map([...texts].map((text) => [Number(text.textContent), text]));
  const short = getComputedStyle([...shown.values()][0].querySelector("tspan")).display === "none";
  return { customValues: [...shown.keys()], formatter: (year) => (short ? String(year).slice(-2) : String(year)) };
}

function told(points, breaks, unit) {
  const year = points[0].value[0];
  const lines = points.map(({ seriesName, value, data }) => `${data.sign} ${seriesName}  ${spelled(value[1])}${unit}`);
  return [year, ...lines, ...breaks.filter(([first]) => first === year).map(([, reason]) => `┆ ${reason}`)].join("\n");
}

function spelled(value) {
  return Number(value.toPrecision(4)).toLocaleString("en");
}
