// The multiclass SVM demo: state and actions, controls, tables; the drawings are in plane.js and
// surface.js, the numbers in svm.js. `model` is anywidget's, or the page's stand-in for it.

import {
  LOSSES, N_CLASSES, PARAMETERS, Path, REGULARIZERS, descend, evaluate, newResult,
} from "./svm.js";
import {
  LogSlider, choice, element, enable, fixed, followTheme, labeled, pane, setText, short,
  textColor, withSubscripts,
} from "./drawing.js";
import { EXTENT, Plane, pointMark } from "./plane.js";
import { Surface } from "./surface.js";

const LOSS_NAMES = {
  "weston-watkins": "Weston–Watkins SVM",
  "one-vs-all": "One-vs-all SVM",
  structured: "Structured SVM",
  softmax: "Softmax",
};
const LOSS_FORMULAS = {
  "weston-watkins": "L_{i} = Σ_{j ≠ y} max(0, s_{j} − s_{y} + 1)",
  "one-vs-all": "L_{i} = Σ_{j} max(0, 1 − t_{j} s_{j}), with t_{y} = 1 and all other t_{j} = −1",
  structured: "L_{i} = max(0, max_{j ≠ y} s_{j} − s_{y} + 1)",
  softmax: "L_{i} = −log( exp(s_{y}) / Σ_{j} exp(s_{j}) )",
};
const REGULARIZER_NAMES = { l2: "L2: λ Σ W²", l1: "L1: λ Σ |W|" };
const PARAMETER_STEP = 0.1;
const UNDO_LIMIT = 200;
const MOST_UNLIKELY_PARAMETER = 1e9; // beyond it a run has diverged
const FRAMES_PER_SURFACE = 2; // it costs more than all the rest
const FRAMES_PER_TEXT = 5; // numbers that change faster than this cannot be read
const SYNCED = [
  "points", "labels", "W", "b", "loss", "regularizer", "reg", "step_size", "surface", "running",
  "_path",
];

export function render({ model, el }) {
  const demo = new Demo(model, el);
  return () => demo.dispose();
}

class Demo {
  constructor(model, holder) {
    this.model = model;
    this.id = `${Math.random()}`;
    this.undoStack = [];
    this.undoTag = null;
    this.path = new Path();
    this.frames = 0;
    this.savedAt = 0;
    this.build(holder);
    this.listen();
    this.load();
  }

  // ---------------------------------------------------------------- state and the model

  load() {
    const { model } = this;
    const points = model.get("points");
    this.problem = {
      points: Float64Array.from(points.flat()),
      labels: Uint8Array.from(model.get("labels")),
      loss: model.get("loss"),
      regularizer: model.get("regularizer"),
      reg: model.get("reg"),
    };
    this.theta = Float64Array.from([...model.get("W").flat(), ...model.get("b")]);
    this.stepSize = model.get("step_size");
    this.axes = model.get("surface").map((name) => PARAMETERS.indexOf(name));
    this.path.replace(doublesOf(model.get("_path")));
    this.result = newResult(points.length);
    this.layLossTable();
    this.refresh();
    this.follow(model.get("running"));
  }

  save() {
    const { model, problem, theta } = this;
    this.saving = true;
    model.set("points", pairs(problem.points));
    model.set("labels", Array.from(problem.labels));
    model.set("W", [Array.from(theta.subarray(0, 3)), Array.from(theta.subarray(3, 6))]);
    model.set("b", Array.from(theta.subarray(6)));
    model.set("loss", problem.loss);
    model.set("regularizer", problem.regularizer);
    model.set("reg", problem.reg);
    model.set("step_size", this.stepSize);
    model.set("surface", this.axes.map((k) => PARAMETERS[k]));
    model.set("running", Boolean(this.running));
    model.set("_path", new DataView(this.path.view().slice().buffer));
    this.saving = false;
    this.savedAt = performance.now();
    model.save_changes();
  }

  listen() {
    let waiting = false;
    this.onModel = () => {
      if (this.saving || waiting) return;
      waiting = true;
      queueMicrotask(() => {
        waiting = false;
        this.load();
        this.say(""); // what was said last is no longer so
      });
    };
    for (const name of SYNCED) this.model.on(`change:${name}`, this.onModel);
  }

  dispose() {
    if (this.running) this.stop();
    for (const name of SYNCED) this.model.off(`change:${name}`, this.onModel);
    for (const undo of this.cleanups) undo();
  }

  // ---------------------------------------------------------------- actions

  // Remembers the state, so that undo returns to it. Equal tags in a row (one drag, one key held
  // down) count as one action.
  remember(tag = null) {
    if (tag !== null && tag === this.undoTag) return;
    this.undoTag = tag;
    this.undoStack.push({
      problem: { ...this.problem, points: this.problem.points.slice() },
      theta: this.theta.slice(),
      stepSize: this.stepSize,
      path: this.path.view().slice(),
    });
    if (this.undoStack.length > UNDO_LIMIT) this.undoStack.shift();
    enable(this.undoButton, true);
  }

  act(tag, change, text) {
    this.remember(tag);
    change();
    this.refresh();
    this.save();
    this.say(text);
  }

  undo() {
    const before = this.undoStack.pop();
    if (!before) return;
    if (this.running) this.stop();
    this.undoTag = null;
    this.problem = before.problem;
    this.theta = before.theta;
    this.stepSize = before.stepSize;
    this.path.replace(before.path);
    this.result = newResult(this.problem.labels.length);
    enable(this.undoButton, this.undoStack.length > 0);
    this.layLossTable();
    this.refresh();
    this.save();
    this.say(`Undone. ${this.totals()}`);
  }

  setParameter(k, value) {
    if (!Number.isFinite(value)) {
      this.refresh();
      return this.say(`${PARAMETERS[k]} needs a number; it is still ${fixed(this.theta[k])}.`);
    }
    this.act(`parameter ${k}`, () => {
      this.theta[k] = value;
      this.path.push(this.theta);
    }, "");
    this.say(`${PARAMETERS[k]} is ${fixed(value)}. ${this.totals()}`);
  }

  movePoint(i, x, y) {
    this.problem.points[2 * i] = x;
    this.problem.points[2 * i + 1] = y;
    this.refresh();
  }

  nudgePoint(i, dx, dy) {
    const { points } = this.problem;
    const inside = (value) => Math.min(EXTENT, Math.max(-EXTENT, Math.round(value * 100) / 100));
    this.remember(`point ${i}`);
    this.movePoint(i, inside(points[2 * i] + dx), inside(points[2 * i + 1] + dy));
    this.endMove(i);
  }

  endMove(i) {
    const { points } = this.problem;
    this.save();
    const place = `${fixed(points[2 * i], 2)}, ${fixed(points[2 * i + 1], 2)}`;
    this.say(`Point ${i} at ${place}, loss ${fixed(this.result.losses[i])}. ${this.totals()}`);
  }

  step() {
    if (this.running) return;
    this.act(null, () => this.descendOnce(), "");
    this.say(`One step. ${this.totals()}`);
  }

  descendOnce() {
    descend(this.theta, this.result.gradient, this.stepSize);
    this.path.push(this.theta);
    evaluate(this.problem, this.theta, this.result);
  }

  randomWeights() {
    this.act(null, () => {
      for (let k = 0; k < PARAMETERS.length; k++) this.theta[k] = normal();
      this.path.replace(this.theta);
    }, "");
    this.say(`New random weights. ${this.totals()}`);
  }

  randomPoints() {
    this.act(null, () => {
      const { points, labels } = this.problem;
      const turn = 2 * Math.PI * Math.random();
      for (let i = 0; i < labels.length; i++) {
        const angle = turn + (2 * Math.PI * labels[i]) / N_CLASSES;
        for (let d = 0; d < 2; d++) {
          const center = 0.9 * Math.cos(angle - (d * Math.PI) / 2);
          const value = Math.round((center + 0.45 * normal()) * 100) / 100;
          points[2 * i + d] = Math.min(EXTENT - 0.1, Math.max(0.1 - EXTENT, value));
        }
      }
    }, "");
    this.say(`New random points. ${this.totals()}`);
  }

  // ---------------------------------------------------------------- running

  start() {
    this.remember();
    this.model.set("_runner", this.id);
    this.follow(true);
    this.save();
    this.say("Running.");
  }

  stop(reason = "Stopped.") {
    this.follow(false);
    this.refresh();
    this.save();
    this.say(`${reason} ${this.totals()}`);
  }

  // With several views of one model, the first that claims the run makes the steps.
  follow(running) {
    if (running && !this.running) {
      if (!this.model.get("_runner")) this.model.set("_runner", this.id);
      this.leads = this.model.get("_runner") === this.id;
      if (this.leads) this.frameRequest = requestAnimationFrame(() => this.frame());
    }
    if (!running && this.running) {
      cancelAnimationFrame(this.frameRequest);
      if (this.leads) this.model.set("_runner", "");
    }
    this.running = running;
    setText(this.runButton, running ? "Stop" : "Run");
    enable(this.stepButton, !running);
  }

  frame() {
    if (!this.running) return;
    this.descendOnce();
    if (!this.theta.every((value) => Math.abs(value) < MOST_UNLIKELY_PARAMETER)) {
      return this.stop("Diverged: the step size is too large. Undo, and lower it.");
    }
    this.frames += 1;
    this.drawPlane();
    if (this.frames % FRAMES_PER_SURFACE === 0) this.drawSurface();
    if (this.frames % FRAMES_PER_TEXT === 0) this.write();
    // The path is sent whole, so a long one is sent less often.
    const pause = Math.min(2000, 250 + this.path.length / 5);
    if (performance.now() - this.savedAt > pause) this.save();
    this.frameRequest = requestAnimationFrame(() => this.frame());
  }

  // ---------------------------------------------------------------- showing

  refresh() {
    evaluate(this.problem, this.theta, this.result);
    this.draw();
    this.write();
    this.showControls();
  }

  draw() {
    if (!this.problem) return; // the first resize comes before the first state
    this.drawPlane();
    this.drawSurface();
  }

  drawPlane() {
    this.plane.draw(this.problem, this.theta, this.result);
  }

  drawSurface() {
    const { problem, theta, result, path, axes } = this;
    this.surface.show(problem, theta, path.view(), axes, result.gradient, this.textColor);
  }

  write() {
    const { theta, result, problem } = this;
    for (let k = 0; k < PARAMETERS.length; k++) {
      const { input, slope } = this.cells[k];
      if (document.activeElement !== input || !input.dirty) input.value = fixed(theta[k]);
      setText(slope, fixed(result.gradient[k]));
    }
    for (let i = 0; i < problem.labels.length; i++) this.writePoint(i);
    setText(this.sums.data, fixed(result.dataLoss, 4));
    setText(this.sums.penalty, fixed(result.penalty, 4));
    setText(this.sums.total, fixed(result.total, 4));
    setText(this.sums.steps, String(Math.max(0, this.path.length - 1)));
    const [low, high] = this.surface.map.range;
    setText(this.surfaceText, `Dark is low: ${short(low)} to ${short(high)} in this window.`);
  }

  writePoint(i) {
    const { points, labels } = this.problem;
    const { scores, losses } = this.result;
    const { x, y, score, loss } = this.rows[i];
    setText(x, fixed(points[2 * i], 2));
    setText(y, fixed(points[2 * i + 1], 2));
    const at = N_CLASSES * i;
    const best = Math.max(scores[at], scores[at + 1], scores[at + 2]);
    for (let c = 0; c < N_CLASSES; c++) {
      setText(score[c], fixed(scores[at + c], 2));
      const winner = scores[at + c] === best;
      score[c].className = winner ? (c === labels[i] ? "right" : "wrong") : "";
    }
    setText(loss, fixed(losses[i]));
    loss.style.setProperty("--share", Math.min(1, losses[i] / 4).toFixed(2));
  }

  showControls() {
    const { problem } = this;
    this.lossSelect.value = problem.loss;
    this.regularizerSelect.value = problem.regularizer;
    this.formula.replaceChildren(
      ...withSubscripts(`${LOSS_FORMULAS[problem.loss]}. Total: mean of L_{i} + λ R(W).`),
    );
    this.regSlider.show(problem.reg);
    this.stepSlider.show(this.stepSize);
    this.axisSelects.forEach((select, d) => (select.value = PARAMETERS[this.axes[d]]));
  }

  totals() {
    const { total, dataLoss, penalty } = this.result;
    return `Total loss ${fixed(total)}, data ${fixed(dataLoss)}, regularization ${fixed(penalty)}.`;
  }

  say(text) {
    setText(this.status, text);
  }

  // ---------------------------------------------------------------- building

  build(holder) {
    this.status = element("p", { class: "status", role: "status", "aria-live": "polite" });
    this.canvas = element("canvas", { role: "img", "aria-label": SURFACE_LABEL });
    this.plane = new Plane({
      onMoveStart: () => this.remember(),
      onMove: (i, x, y) => this.movePoint(i, x, y),
      onMoveEnd: (i) => this.endMove(i),
      onNudge: (i, dx, dy) => this.nudgePoint(i, dx, dy),
      onSelect: (i) => this.highlight(i),
    });
    this.surface = new Surface(this.canvas);
    const planeHolder = element("div", { class: "holder" });
    const surfaceHolder = element("div", { class: "holder" }, this.canvas);
    this.root = element(
      "div",
      {
        class: "loss-widget svm-demo",
        role: "group",
        "aria-label": "Multiclass SVM optimization demo",
        onkeydown: (event) => this.onKey(event),
        onkeyup: () => (this.undoTag = null),
        onpointerup: () => (this.undoTag = null),
      },
      this.buildControls(),
      element(
        "div",
        { class: "panes" },
        column(
          pane("Points and decision regions", planeHolder, legend()),
          pane("Scores and loss of every point", this.buildLossTable()),
        ),
        column(
          pane("Weights, biases and their gradients", this.buildParameters(), this.buildSums()),
          pane("Loss surface", this.buildAxes(), surfaceHolder, this.buildSurfaceText()),
        ),
      ),
      this.status,
    );
    holder.append(this.root);
    const redraw = () => this.draw();
    this.cleanups = [
      followTheme(this.root, () => this.onTheme()),
      this.plane.attach(planeHolder, redraw),
      this.surface.attach(surfaceHolder, redraw),
    ];
  }

  onTheme() {
    this.textColor = textColor(this.root);
    this.draw();
  }

  onKey(event) {
    const undo = event.key.toLowerCase() === "z" && !event.shiftKey;
    if (!undo || !(event.ctrlKey || event.metaKey)) return;
    if (event.target.dirty) return; // a half-typed number has its own undo
    event.preventDefault();
    this.undo();
  }

  buildControls() {
    const button = (text, title, action) =>
      element("button", { type: "button", title, onclick: action }, text);
    this.stepButton = button("Step", "One step of gradient descent", () => this.step());
    this.runButton = button("Run", "A step in every frame, until stopped", () =>
      this.running ? this.stop() : this.start(),
    );
    this.runButton.classList.add("primary");
    this.undoButton = button("Undo", "Take the last action back (Ctrl+Z)", () => this.undo());
    enable(this.undoButton, false);
    this.lossSelect = choice("Loss", LOSSES, LOSS_NAMES, (value) =>
      this.act(null, () => (this.problem.loss = value), `Loss: ${LOSS_NAMES[value]}.`),
    );
    this.regularizerSelect = choice("Regularizer", REGULARIZERS, REGULARIZER_NAMES, (value) =>
      this.act(null, () => (this.problem.regularizer = value), REGULARIZER_NAMES[value]),
    );
    this.regSlider = new LogSlider("Regularization strength λ", "λ", -4, 1, true, (value) =>
      this.act("reg", () => (this.problem.reg = value), ""),
    );
    this.stepSlider = new LogSlider("Step size", "step size", -4, 1, false, (value) =>
      this.act("step size", () => (this.stepSize = value), ""),
    );
    this.formula = element("p", { class: "formula" });
    return element(
      "div",
      { class: "controls" },
      element(
        "div",
        { class: "tools" },
        this.stepButton,
        this.runButton,
        this.undoButton,
        button("Random weights", "New random W and b", () => this.randomWeights()),
        button("Random points", "New random points", () => this.randomPoints()),
      ),
      element(
        "div",
        { class: "tools" },
        labeled("Loss", this.lossSelect),
        labeled("Regularizer", this.regularizerSelect),
        this.regSlider.node,
        this.stepSlider.node,
      ),
      this.formula,
    );
  }

  buildParameters() {
    this.cells = [];
    const head = element("tr", {}, element("th", { scope: "col" }, "class"));
    for (const name of ["W[0,c] · x", "W[1,c] · y", "b[c]"]) {
      head.append(element("th", { scope: "col" }, name));
    }
    const body = element("tbody");
    for (let c = 0; c < N_CLASSES; c++) {
      const row = element("tr", {}, element("th", { scope: "row" }, mark(c), ` ${c}`));
      for (const k of [c, N_CLASSES + c, 2 * N_CLASSES + c]) row.append(this.buildParameter(k));
      body.append(row);
    }
    return element(
      "table",
      { class: "parameters" },
      element(
        "caption",
        {},
        "Each number with its gradient below it. Score of class c: W[0,c] x + W[1,c] y + b[c].",
      ),
      element("thead", {}, head),
      body,
    );
  }

  // The arrow keys do what the two buttons do, which the Tab key therefore passes over.
  buildParameter(k) {
    const name = PARAMETERS[k];
    const input = element("input", {
      type: "text",
      inputmode: "decimal",
      role: "spinbutton",
      "aria-label": `${name}, arrow keys change it`,
      "data-parameter": name,
      oninput: () => (input.dirty = true),
      onchange: () => {
        input.dirty = false;
        this.setParameter(k, Number(input.value.replace("\u2212", "-").trim() || NaN));
      },
      onblur: () => (input.dirty = false),
    });
    const nudge = (sign) => {
      input.dirty = false;
      this.setParameter(k, Number((this.theta[k] + sign * PARAMETER_STEP).toPrecision(15)));
    };
    input.addEventListener("keydown", (event) => {
      const sign = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!sign) return;
      event.preventDefault();
      nudge(sign);
    });
    const arrow = (sign, text, verb) =>
      element(
        "button",
        {
          type: "button",
          tabindex: "-1",
          "aria-label": `${verb} ${name}`,
          onclick: () => nudge(sign),
        },
        text,
      );
    const slope = element("span", { class: "slope", "aria-label": `gradient of ${name}` });
    this.cells[k] = { input, slope };
    return element(
      "td",
      {},
      element(
        "div",
        { class: "spin" },
        input,
        element("div", { class: "arrows" }, arrow(1, "▲", "Raise"), arrow(-1, "▼", "Lower")),
      ),
      slope,
    );
  }

  buildSums() {
    this.sums = {};
    const list = element("dl", { class: "sums" });
    const names = {
      data: "data loss (mean)",
      penalty: "regularization loss",
      total: "total loss",
      steps: "moves so far",
    };
    for (const [key, text] of Object.entries(names)) {
      this.sums[key] = element("dd", { "data-sum": key });
      list.append(element("div", { class: key }, element("dt", {}, text), this.sums[key]));
    }
    return list;
  }

  buildAxes() {
    this.axisSelects = ["across", "up"].map((way, d) =>
      choice(`Parameter ${way}`, PARAMETERS, {}, (value) => this.chooseAxis(d, value)),
    );
    return element(
      "div",
      { class: "tools" },
      labeled("across", this.axisSelects[0]),
      labeled("up", this.axisSelects[1]),
    );
  }

  chooseAxis(d, name) {
    const chosen = PARAMETERS.indexOf(name);
    if (this.axes[1 - d] === chosen) this.axes[1 - d] = this.axes[d];
    this.axes[d] = chosen;
    this.refresh();
    this.save();
    this.say(`Loss over ${PARAMETERS[this.axes[0]]} and ${PARAMETERS[this.axes[1]]}.`);
  }

  buildSurfaceText() {
    this.surfaceText = element("span");
    return element(
      "p",
      { class: "note" },
      this.surfaceText,
      " Circle: start. Star: now, with the way downhill. The other weights are held as they are" +
        " now, so the path lies on the surface only at its end.",
    );
  }

  buildLossTable() {
    const head = element("tr");
    for (const name of ["", "x", "y", "s₀", "s₁", "s₂", "loss"]) {
      head.append(element("th", { scope: "col" }, name || "point"));
    }
    this.lossBody = element("tbody");
    return element(
      "div",
      { class: "scroller", tabindex: "0", role: "region", "aria-label": "Losses of all points" },
      element(
        "table",
        { class: "losses" },
        element("caption", {}, "The highest score is boxed: ", element("b", {}, "solid"),
          " when it is the right class's, dashed when it is not."),
        element("thead", {}, head),
        this.lossBody,
      ),
    );
  }

  layLossTable() {
    const { labels } = this.problem;
    this.rows = Array.from(labels, (label, i) => {
      const cell = () => element("td");
      const row = { x: cell(), y: cell(), score: [cell(), cell(), cell()], loss: cell() };
      row.loss.className = "loss";
      const name = element("th", { scope: "row" }, mark(label), ` ${i}`);
      name.setAttribute("aria-label", `point ${i}, class ${label}`);
      row.node = element("tr", {}, name, row.x, row.y, ...row.score, row.loss);
      return row;
    });
    this.lossBody.replaceChildren(...this.rows.map((row) => row.node));
  }

  highlight(i) {
    this.rows.forEach((row, k) => row.node.classList.toggle("selected", k === i));
  }
}

const SURFACE_LABEL =
  "Map of the total loss over the two chosen parameters, with the path of the run so far; the " +
  "numbers are in the tables.";

function column(...panes) {
  return element("div", { class: "column" }, ...panes);
}

function mark(label) {
  const holder = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  holder.setAttribute("viewBox", "-10 -10 20 20");
  holder.setAttribute("class", "key");
  holder.setAttribute("aria-hidden", "true");
  holder.append(pointMark(label));
  return holder;
}

function legend() {
  return element(
    "p",
    { class: "note" },
    "Drag a point, or move it with the arrow keys. Lines: score 0. Thick arrow: the class's " +
      "weights W[:,c], the way its score rises. Thin arrow at its tip: minus the gradient, the " +
      "way the next step moves the tip. Dashed ring: the point is misclassified.",
  );
}

function pairs(points) {
  return Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i], points[2 * i + 1]]);
}

function doublesOf(view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return new Float64Array(bytes.slice().buffer);
}

// Standard normal, from two uniform numbers (Box and Muller, 1958).
function normal() {
  const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
  return radius * Math.cos(2 * Math.PI * Math.random());
}
