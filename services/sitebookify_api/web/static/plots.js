// Small plots as SVG: what ended by the hour, the share that was finished, and the queue.

import { h, number, percent, t } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const ENDS = ["done", "error", "refused", "cancelled"];

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Bars for each hour, oldest at the left; each hour's numbers are its title. */
export function hoursPlot(hours, now) {
  const [width, height, base] = [336, 132, 112];
  const all = (hour) => ENDS.reduce((sum, end) => sum + hour[end], 0);
  const most = Math.max(1, ...hours.map(all));
  const step = width / hours.length;
  const bars = hours.flatMap((hour, index) => {
    let top = base;
    const parts = ENDS.filter((end) => hour[end]).map((end) => {
      const tall = (hour[end] / most) * (base - 16);
      top -= tall;
      return svg("rect", { x: index * step + 1.5, y: top, width: step - 3, height: tall, rx: 2, class: `bar-${end}` });
    });
    const from = new Date(now - (hours.length - index) * 3600000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const title = svg("title", {}, t("status.hours", { from, ...hour }));
    const floor = svg("rect", { x: index * step + 1.5, y: base, width: step - 3, height: 2, class: "bar-none" });
    return [svg("g", {}, title, floor, ...parts)];
  });
  const total = hours.reduce((sum, hour) => sum + all(hour), 0);
  const labels = [
    svg("text", { x: 2, y: height - 4 }, t("status.ago", { hours: hours.length })),
    svg("text", { x: width - 2, y: height - 4, "text-anchor": "end" }, t("status.now")),
    svg("text", { x: 2, y: 11 }, number(most)),
  ];
  const plot = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${number(total)}` }, ...bars, ...labels);
  const keys = ENDS.map((end) => h("li", { className: `${end}-key` }, t(`status.end.${end}`)));
  return [plot, h("ul", { className: "legend" }, ...keys)];
}

/** A figure of each hour as a line of small bars; `shown` writes the largest. */
export function linePlot(hours, figure, label, shown) {
  const [width, height, base] = [336, 72, 54];
  const most = Math.max(...hours.map((hour) => hour[figure]));
  const step = width / hours.length;
  const bars = hours.map((hour, index) => {
    const tall = most ? (hour[figure] / most) * (base - 16) : 0;
    return svg("rect", { x: index * step + 1.5, y: base - tall, width: step - 3, height: tall + 2, rx: 1, class: tall ? "bar-queue" : "bar-none" });
  });
  const text = label(most);
  return [
    h("p", { className: "hint" }, text),
    svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": text }, ...bars,
      svg("text", { x: 2, y: 11 }, shown(most)),
      svg("text", { x: 2, y: height - 4 }, t("status.ago", { hours: hours.length })),
      svg("text", { x: width - 2, y: height - 4, "text-anchor": "end" }, t("status.now"))),
  ];
}

/** A ring: the share of jobs that ended with a book, of all that this server could have made one of. */
export function ratioPlot(hours) {
  const sum = (end) => hours.reduce((total, hour) => total + hour[end], 0);
  const done = sum("done");
  const total = done + sum("error");
  if (total === 0) return [h("p", { className: "hint" }, t("status.ratio.none"))];
  const around = 2 * Math.PI * 40;
  const share = done / total;
  const ring = (colour, length) => svg("circle", {
    cx: 50, cy: 50, r: 40, fill: "none", "stroke-width": 12, class: `ring-${colour}`,
    "stroke-dasharray": `${length} ${around}`, transform: "rotate(-90 50 50)",
  });
  const label = t("status.ratio", { done, total });
  const middle = svg("text", { x: 50, y: 58, "text-anchor": "middle", class: "big" }, percent(share * 100));
  return [
    svg("svg", { viewBox: "0 0 100 100", role: "img", "aria-label": label, class: "ring" }, ring("none", around), ring("done", share * around), middle),
    h("p", { className: "hint" }, label),
  ];
}
