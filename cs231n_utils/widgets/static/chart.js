// A chart with numbered axes as SVG, as wide as its holder allows; what is inside is the caller's.

import { element, followWidth, short, svgElement, ticks } from "./drawing.js";

const LARGEST = 420; // pixels
const EDGES = { left: 52, right: 12, top: 10, bottom: 40 };

export class Chart {
  // `names` of the two axes; `say(value)` writes the numbers of the upright one.
  constructor(names, { height = 260, say = short } = {}) {
    Object.assign(this, { names, height, say, width: LARGEST });
    this.svg = svgElement("svg", { role: "img" });
    this.holder = element("div", { class: "holder" }, this.svg);
  }

  attach(redraw) {
    return followWidth(this.holder, (width) => {
      this.width = Math.min(width, LARGEST);
      redraw();
    });
  }

  x(value) {
    const [low, high] = this.ranges[0];
    const inner = this.width - EDGES.left - EDGES.right;
    return EDGES.left + (inner * (value - low)) / (high - low);
  }

  y(value) {
    const [low, high] = this.ranges[1];
    const inner = this.height - EDGES.top - EDGES.bottom;
    return EDGES.top + (inner * (high - value)) / (high - low);
  }

  // A path through places [x, y].
  line(places, kind) {
    const d = places.map(([x, y], k) => `${k ? "L" : "M"}${this.x(x)},${this.y(y)}`).join("");
    return svgElement("path", { class: kind, d });
  }

  dot([x, y], kind, r) {
    return svgElement("circle", { class: kind, cx: this.x(x), cy: this.y(y), r });
  }

  // Draws the axes over `ranges`, and between them what inside() returns, a list of nodes.
  draw(ranges, label, inside) {
    const { width, height, svg } = this;
    this.ranges = ranges;
    const [right, bottom] = [width - EDGES.right, height - EDGES.bottom];
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    svg.setAttribute("aria-label", label);
    const box = [EDGES.left, EDGES.top, right - EDGES.left, bottom - EDGES.top];
    const [x, y, w, h] = box;
    const middle = EDGES.top + h / 2;
    const turned = { class: "tick", transform: `translate(12,${middle}) rotate(-90)` };
    const text = (at, words) => svgElement("text", { class: "tick", ...at }, words);
    svg.replaceChildren(
      svgElement("path", { class: "axis", d: `M${x},${y}V${bottom}H${right}` }),
      svgElement("svg", { x, y, width: w, height: h, viewBox: box.join(" ") }, ...inside()),
      ...ticks(ranges[0]).map((at) => text({ x: this.x(at), y: bottom + 16 }, short(at))),
      ...ticks(ranges[1]).map((at) =>
        text({ class: "tick left", x: x - 5, y: this.y(at) + 4 }, this.say(at)),
      ),
      text({ x: x + w / 2, y: height - 6 }, this.names[0]),
      svgElement("text", turned, this.names[1]),
    );
  }
}
