// What the widgets share: building the page, following the theme and the size, color maps.

const SVG = "http://www.w3.org/2000/svg";

// element("button", {class: "x", onclick: f}, "text", child, ...)
export function element(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

export function svgElement(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), attributes, children);
}

const TAKES_KEYS = new Set(["button", "input", "select"]);

function furnish(node, attributes, children) {
  if (TAKES_KEYS.has(node.localName) || "tabindex" in attributes) {
    // JupyterLab would move between cells by arrow keys, and insert some by letters.
    node.setAttribute("data-lm-suppress-shortcuts", "true");
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// Writing equal text again would still cost a layout.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function fixed(value, digits = 3) {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1e5) return tidy(value.toExponential(digits > 2 ? 2 : 0));
  return value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "\u2212");
}

// "s_{j}" with a real subscript.
export function withSubscripts(text) {
  return text.split(/_\{(.*?)\}/).map((part, k) => (k % 2 ? element("sub", {}, part) : part));
}

export function short(value) {
  const rounded = Number(value.toPrecision(3));
  return tidy(Math.abs(rounded) >= 1e5 ? rounded.toExponential() : String(rounded));
}

function tidy(number) {
  return number.replace("e+", "e").replace("-", "\u2212");
}

// Three to six round numbers inside the range.
export function ticks([low, high]) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const inside = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) inside.push(k * step);
  return inside;
}

export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

export function labeled(text, ...controls) {
  return element("label", { class: "labeled" }, element("span", {}, text), ...controls);
}

export function choice(label, values, names, onChange) {
  const select = element("select", {
    "aria-label": label,
    onchange: () => onChange(select.value),
  });
  for (const value of values) {
    select.append(element("option", { value }, names[value] ?? value));
  }
  return select;
}

export function pane(title, ...children) {
  return element("section", { class: "pane" }, element("h4", {}, title), ...children);
}

export function note(text) {
  return element("p", { class: "note" }, text);
}

// A button that is truly disabled would lose the keyboard's focus.
export function enable(button, enabled) {
  button.setAttribute("aria-disabled", String(!enabled));
}

// A slider over powers of ten; its lowest stop can stand for 0.
export class LogSlider {
  constructor(label, short, low, high, zero, onInput) {
    this.low = low;
    this.zero = zero;
    this.input = element("input", {
      type: "range", min: low, max: high, step: 0.05, "aria-label": `${label}, log scale`,
      oninput: () => onInput(this.read()),
    });
    this.output = element("span", { class: "value" });
    this.node = labeled(short, this.input, this.output);
  }

  read() {
    const power = Number(this.input.value);
    if (this.zero && power === this.low) return 0;
    return Number((10 ** power).toPrecision(3));
  }

  show(value) {
    this.input.value = value > 0 ? Math.log10(value) : this.low;
    const text = String(Number(value.toPrecision(3)));
    setText(this.output, text);
    this.input.setAttribute("aria-valuetext", text);
  }
}

// The color of text on a canvas, which knows nothing of styles.
export function textColor(root) {
  return root.dataset.theme === "dark" ? "#e6e6e6" : "#1a1a1a";
}

// Sets data-theme on the root to "dark" or "light" now and at every change; returns an undo.
export function followTheme(root, onChange) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const update = () => {
    const theme = isDark(system) ? "dark" : "light";
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    onChange();
  };
  const observer = new MutationObserver(update);
  observer.observe(document.body, { attributes: true });
  system.addEventListener("change", update);
  update();
  return () => {
    observer.disconnect();
    system.removeEventListener("change", update);
  };
}

function isDark(system) {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "false"; // JupyterLab and Notebook 7
  if (vscodeThemeKind) return /dark|high-contrast$/.test(vscodeThemeKind);
  return system.matches;
}

// Calls onWidth(pixels) at every change of the node's width, without asking for a layout.
export function followWidth(node, onWidth) {
  let last = 0;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0 && width !== last) onWidth((last = width));
  });
  observer.observe(node);
  return () => observer.disconnect();
}

// Dragging with mouse, pen or finger; onMove gets the pixel position inside `frame`.
export function draggable(handle, frame, { onStart = () => {}, onMove, onEnd = () => {} }) {
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    handle.focus({ preventScroll: true });
    handle.setPointerCapture(event.pointerId);
    const box = frame.getBoundingClientRect();
    onStart();
    const move = (moved) => onMove(moved.clientX - box.left, moved.clientY - box.top);
    const end = () => {
      handle.removeEventListener("pointermove", move);
      onEnd();
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", end, { once: true });
  });
}

const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

// Calls onMove(dx, dy) with steps of `fine`, with Shift of `coarse`, for the arrow keys.
export function movableByArrows(handle, { fine, coarse, onMove }) {
  handle.addEventListener("keydown", (event) => {
    const direction = ARROWS[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = event.shiftKey ? coarse : fine;
    onMove(direction[0] * step, direction[1] * step);
  });
}

// viridis (Smith and van der Walt, 2015) at nine even steps; dark is low, as in all our figures.
const VIRIDIS = [
  [68, 1, 84], [71, 45, 123], [59, 82, 139], [44, 114, 142], [33, 145, 140],
  [40, 174, 128], [94, 201, 98], [173, 220, 48], [253, 231, 37],
];

const LOOKUP = new Uint8Array(3 * 256);
for (let k = 0; k < 256; k++) {
  const at = (k / 255) * (VIRIDIS.length - 1);
  const low = Math.min(Math.floor(at), VIRIDIS.length - 2);
  for (let channel = 0; channel < 3; channel++) {
    const [a, b] = [VIRIDIS[low][channel], VIRIDIS[low + 1][channel]];
    LOOKUP[3 * k + channel] = a + (at - low) * (b - a);
  }
}

// A map of heights over two axes, drawn on a canvas with contour lines.
export class HeightMap {
  constructor(size) {
    this.size = size;
    this.values = new Float64Array(size * size);
    this.range = [0, 1];
    this.cells = element("canvas", { width: size, height: size });
    this.pixels = this.cells.getContext("2d").createImageData(size, size);
    this.pixels.data.fill(255);
  }

  // Draws into the box; values[row * size + column], rows from the bottom up.
  draw(context, left, top, width, height) {
    this.paint();
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    // Samples sit at the centers of pixels, and the outer ones belong on the frame.
    const [cellWidth, cellHeight] = [width / (this.size - 1), height / (this.size - 1)];
    context.imageSmoothingEnabled = true;
    context.drawImage(
      this.cells,
      left - cellWidth / 2,
      top - cellHeight / 2,
      width + cellWidth,
      height + cellHeight,
    );
    context.translate(left, top + height);
    context.scale(cellWidth, -cellHeight);
    context.beginPath();
    for (let k = 1; k < 12; k++) {
      // Squares spread the lines in a bowl about evenly.
      this.trace(context, this.range[0] + (k / 12) ** 2 * (this.range[1] - this.range[0]));
    }
    context.restore();
    context.strokeStyle = "rgba(255, 255, 255, 0.55)";
    context.lineWidth = 0.7;
    context.stroke();
  }

  paint() {
    let [low, high] = [Infinity, -Infinity];
    for (const value of this.values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    this.range = [low, high];
    const scale = high > low ? 255.99 / Math.sqrt(high - low) : 0;
    const { size, values } = this;
    const { data } = this.pixels;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const shade = Math.sqrt(values[row * size + column] - low) * scale;
        const pixel = 4 * ((size - 1 - row) * size + column);
        for (let channel = 0; channel < 3; channel++) {
          data[pixel + channel] = LOOKUP[3 * (shade | 0) + channel];
        }
      }
    }
    this.cells.getContext("2d").putImageData(this.pixels, 0, 0);
  }

  // The color bar, with what the map shows at its last drawing; values grow upward.
  drawBar(context, left, top, width, height) {
    for (let row = 0; row < height; row++) {
      const shade = 3 * Math.floor(Math.sqrt(1 - row / height) * 255);
      context.fillStyle = `rgb(${LOOKUP.slice(shade, shade + 3).join()})`;
      context.fillRect(left, top + row, width, 1);
    }
  }

  // Marching squares: up to two crossings a cell are joined; a saddle's four, by pairs.
  trace(context, level) {
    const { size, values } = this;
    for (let row = 0; row + 1 < size; row++) {
      for (let column = 0; column + 1 < size; column++) {
        const at = row * size + column;
        const a = values[at] - level;
        const b = values[at + 1] - level;
        const c = values[at + size + 1] - level;
        const d = values[at + size] - level;
        if (a > 0 === b > 0 && b > 0 === c > 0 && c > 0 === d > 0) continue;
        let pen = false;
        const cross = (x, y) => {
          if (pen) context.lineTo(column + x, row + y);
          else context.moveTo(column + x, row + y);
          pen = !pen;
        };
        if (a > 0 !== b > 0) cross(a / (a - b), 0);
        if (b > 0 !== c > 0) cross(1, b / (b - c));
        if (c > 0 !== d > 0) cross(1 - c / (c - d), 1);
        if (d > 0 !== a > 0) cross(0, 1 - d / (d - a));
      }
    }
  }
}

// Fits a canvas to a size in page pixels, sharp on fine screens; returns its context.
export function sizedContext(canvas, width, height) {
  const density = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// An arrow as an SVG path: a shaft and an open head, all lengths in pixels.
export function arrowPath(x0, y0, x1, y1, head = 7) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (!(length > 1)) return "";
  const [u, v] = [(x1 - x0) / length, (y1 - y0) / length];
  const barb = Math.min(head, 0.6 * length);
  const side = (turn) =>
    `${x1 - barb * (u + turn * 0.6 * v)},${y1 - barb * (v - turn * 0.6 * u)}`;
  return `M${x0},${y0}L${x1},${y1}M${side(1)}L${x1},${y1}L${side(-1)}`;
}
