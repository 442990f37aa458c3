// After "Run All" JupyterLab shows the last cell, also where a cell far above has failed and none
// below it was run. This extension says so, and leads there. JupyterLab loads it without a build:
// it is what a bundler would write, a container of one module that takes all else from JupyterLab.

const NAME = "cs231n-failed-cell";
const MILLISECONDS_TO_SCROLL = 500; // until JupyterLab has gone to the last cell

let shared;
let notice;

async function load(name) {
  const [provided] = Object.values(shared[name]);
  return (await provided.get())();
}

function isInView(cell, notebook) {
  const { top, bottom } = notebook.node.getBoundingClientRect();
  const box = cell.node.getBoundingClientRect();
  return cell.node.isConnected && box.bottom > top && box.top < bottom;
}

function reason(cell) {
  const error = cell.model.outputs?.toJSON().find((output) => output.output_type === "error");
  return error && `${error.ename}: ${error.evalue}`.split("\n")[0].slice(0, 120);
}

const plugin = {
  id: `${NAME}:plugin`,
  autoStart: true,
  activate: async () => {
    const { NotebookActions } = await load("@jupyterlab/notebook");
    const { Notification } = await load("@jupyterlab/apputils");

    NotebookActions.executed.connect((_, { notebook, cell, success }) => {
      const why = reason(cell);
      if (success || !why) {
        return; // without an error, it was one of those below
      }
      const show = () => {
        notebook.activeCellIndex = notebook.widgets.indexOf(cell);
        notebook.scrollToItem(notebook.activeCellIndex, "center");
      };
      setTimeout(() => {
        if (isInView(cell, notebook)) {
          return;
        }
        Notification.dismiss(notice);
        notice = Notification.error(
          `A cell failed, and those below it were not run. ${why}`,
          { autoClose: false, actions: [{ label: "Show the cell", callback: show }] },
        );
      }, MILLISECONDS_TO_SCROLL);
    });
  },
};

window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB[NAME] = {
  init: (scope) => {
    shared = scope;
  },
  get: async () => () => ({ __esModule: true, default: plugin }),
};
