// A moving picture in the reader's hands: play and pause, one step, back to the start, how fast.

import { LogSlider, element, enable, setText } from "./drawing.js";

const SLOWEST = 1; // steps a second
const FASTEST = 100;
const LONGEST_PAUSE = 100; // milliseconds; a page that slept makes up for no more
const KEYS = { " ": "toggle", s: "step", r: "reset" };

export class Player {
  // advance() makes one step and returns false when it was the last; restart() goes back to the
  // start; draw() shows the present state, at most once a frame; settle(), where given, is called
  // when the picture has come to rest. `rate` is in steps a second.
  constructor({ advance, restart, draw, settle = () => {}, rate = 10 }) {
    Object.assign(this, { advance, restart, draw, settle });
    this.playing = false;
    this.ended = false;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.rate = calm ? SLOWEST : rate;
    this.build();
  }

  build() {
    const button = (text, key, title, action) =>
      element(
        "button",
        { type: "button", title: `${title} (${key})`, "aria-keyshortcuts": key, onclick: action },
        text,
      );
    this.playButton = button("Play", "Space", "Play or pause", () => this.toggle());
    this.playButton.classList.add("primary");
    this.stepButton = button("Step", "S", "One step", () => this.step());
    this.resetButton = button("Restart", "R", "Back to the start", () => this.reset());
    this.slider = new LogSlider(
      "Steps a second", "steps a second",
      Math.log10(SLOWEST), Math.log10(FASTEST), false,
      (rate) => {
        this.rate = rate;
        this.slider.show(rate);
      },
    );
    this.slider.show(this.rate);
    this.node = element(
      "div",
      { class: "tools" },
      this.playButton, this.stepButton, this.resetButton, this.slider.node,
    );
  }

  // Keys work anywhere inside `root`, but where they mean something else: Space on a button.
  attach(root) {
    const onKey = (event) => {
      const action = KEYS[event.key.toLowerCase()];
      const presses = event.key === " " ? "button, input[type=checkbox], " : "";
      const taken = `${presses}select, input[type=text]`;
      if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest(taken)) return;
      event.preventDefault();
      this[action]();
    };
    root.addEventListener("keydown", onKey);
    return () => {
      this.pause();
      root.removeEventListener("keydown", onKey);
    };
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (this.ended) this.reset();
    this.show(true);
    this.owed = 1; // the first step is seen at once
    this.lastTime = performance.now();
    this.request = requestAnimationFrame((time) => this.frame(time));
  }

  pause() {
    if (!this.playing) return;
    cancelAnimationFrame(this.request);
    this.show(false);
    this.settle();
  }

  step() {
    this.pause();
    if (this.ended) return;
    this.end(!this.advance());
    this.draw();
    this.settle();
  }

  // Also for whoever changes what is played: the new run begins where it starts.
  reset() {
    this.pause();
    this.end(false);
    this.restart();
    this.draw();
    this.settle();
  }

  frame(time) {
    const passed = Math.min(Math.max(time - this.lastTime, 0), LONGEST_PAUSE);
    this.lastTime = time;
    this.owed += (passed * this.rate) / 1000;
    const due = Math.floor(this.owed);
    this.owed -= due;
    for (let k = 0; k < due && !this.ended; k++) this.end(!this.advance());
    if (due) this.draw();
    if (this.ended) this.pause();
    else this.request = requestAnimationFrame((next) => this.frame(next));
  }

  end(ended) {
    this.ended = ended;
    enable(this.stepButton, !ended);
  }

  show(playing) {
    this.playing = playing;
    setText(this.playButton, playing ? "Pause" : "Play");
  }
}
