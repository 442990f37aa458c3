// The worker of the browser in which the oracle has an interpreter of its own: see local.py.

let answer;

const ORACLE = `
from cs231n_utils.checking.local import InPlace
from pyodide.ffi import to_js

oracle = InPlace()

def answer(message):
    oracle.write(message.to_bytes())
    return to_js(oracle.read())

answer
`;

async function start({ index, packages }) {
  const { loadPyodide } = await import(`${index}pyodide.mjs`);
  const python = await loadPyodide({ indexURL: index, packages });
  answer = python.runPython(ORACLE);
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage({ reply: answer ? answer(data) : await start(data) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
