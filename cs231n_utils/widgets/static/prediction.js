// A question to answer before the result is shown; Python judges the answer and keeps the first.

import { element, followTheme, setText } from "./drawing.js";
import { Sketch } from "./sketch.js";

export function render({ model, el }) {
  const asked = new Asked(model, el);
  return () => asked.dispose();
}

let fields = 0; // radio buttons of one question share a name that no other has

class Asked {
  constructor(model, holder) {
    this.model = model;
    this.posed = model.get("posed");
    this.field = FIELDS[this.posed.kind](this.posed);
    this.button = element("button", { class: "primary" });
    this.status = element("p", { class: "status", "aria-live": "polite" });
    this.answer = element("div", { class: "answer", "aria-live": "polite" });
    this.asking = element(
      "form",
      {
        onsubmit: (event) => this.commit(event),
        // JupyterLab would take it, also from a form.
        onkeydown: (event) => event.key === "Enter" && this.commit(event),
      },
      this.field.root,
      element("div", { class: "tools" }, this.button, this.status),
    );
    this.root = element(
      "div",
      { class: "loss-widget prediction", role: "group", "aria-label": "Prediction" },
      element("p", { class: "question" }, this.posed.question),
      this.asking,
      this.answer,
    );
    holder.append(this.root);
    this.undoTheme = followTheme(this.root, () => {});
    this.onReply = () => this.show();
    model.on("change:reply", this.onReply);
    this.show();
  }

  dispose() {
    this.model.off("change:reply", this.onReply);
    this.undoTheme();
    this.field.dispose?.();
  }

  commit(event) {
    event.preventDefault();
    const said = this.field.said();
    if (said === null) return setText(this.status, this.field.wanted);
    setText(this.status, "Waiting for Python, which answers when the running cell is done.");
    this.model.send({ said });
  }

  show() {
    const { problem, rows, sentences, right, drawn } = this.model.get("reply");
    setText(this.button, rows ? "Predict again" : "This is my prediction");
    setText(this.status, problem ?? "");
    if (!rows) return;
    this.field.reveal?.(drawn);
    this.answer.classList.toggle("right", right);
    this.answer.replaceChildren(
      element(
        "dl",
        {},
        ...rows.map(([name, told]) =>
          element("div", {}, element("dt", {}, name), element("dd", {}, told)),
        ),
      ),
      ...sentences.map((text) => element("p", {}, text)),
    );
  }
}

const FIELDS = {
  choice({ choices, question }) {
    const name = `prediction-${fields++}`;
    const boxes = choices.map((value) => element("input", { type: "radio", name, value }));
    const labels = choices.map((text, k) =>
      element("label", { class: "labeled" }, boxes[k], element("span", {}, text)),
    );
    return {
      root: element("div", { class: "choices", role: "radiogroup", "aria-label": question },
        ...labels),
      said: () => boxes.find((box) => box.checked)?.value ?? null,
      wanted: "Choose one first.",
    };
  },

  number({ unit, question }) {
    const box = element("input", {
      type: "text", inputmode: "decimal", size: 10, autocomplete: "off", "aria-label": question,
    });
    return {
      root: element("label", { class: "labeled" }, box, element("span", {}, unit)),
      said: () => box.value.trim() || null,
      wanted: "Type a number first.",
    };
  },

  curve: (posed) => new Sketch(posed),
};
