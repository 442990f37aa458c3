// The demo as a page of its own: a model that lives in the page, where no kernel is.

import { render } from "./svm_demo.js";

class LocalModel {
  constructor(state) {
    const start = Float64Array.from([...state.W.flat(), ...state.b]);
    this.state = { ...state, _path: new DataView(start.buffer), _runner: "" };
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    this.state[name] = value;
  }

  // The only view is the one that writes, so nobody waits for a change.
  save_changes() {}
  on() {}
  off() {}
}

export function open(state, el) {
  const model = new LocalModel(state);
  render({ model, el });
  return model;
}
