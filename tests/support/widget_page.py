"""A widget alone on a page, with a model of its own instead of a kernel."""

import base64
import json

MODEL = """
const state = STATE;
for (const [name, value] of Object.entries(state)) {
  if (!value?.bytes) continue;
  state[name] = new DataView(Uint8Array.from(atob(value.bytes), (c) => c.charCodeAt(0)).buffer);
}
window.changed = [];
widget.render({
  el: document.body,
  model: {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; changed.push([name, value]); },
    save_changes() {}, on() {}, off() {},
  },
});
"""


def open_widget(page, widget):
    """Show a widget on a narrow page, with a model that keeps what is set as ``changed``."""

    def plain(value):
        bytes_ = isinstance(value, bytes | memoryview)
        return {"bytes": base64.b64encode(value).decode()} if bytes_ else value

    state = {name: plain(value) for name, value in widget.get_state().items() if name != "layout"}
    module = state.pop("_esm").replace("export default", "const widget =")
    page.set_viewport_size({"width": 380, "height": 900})
    page.set_content("<body></body>")
    script = module + MODEL.replace("STATE", json.dumps(state))
    page.add_script_tag(content=script, type="module")
    page.wait_for_function("document.querySelector('.status')?.textContent")
