// On the site, says why Python does not start or lacks a package: JupyterLite does not. What this
// goes by, grading/handout/site.py writes. It needs no build, like cs231n-failed-cell, from whose
// names the block keeps these apart.

{
  const NAME = "cs231n-site";

  let shared;

  const load = async (name) => {
    const [provided] = Object.values(shared[name]);
    return (await provided.get())();
  };

  const say = async () => {
    const { Notification } = await load("@jupyterlab/apputils");
    const { PageConfig } = await load("@jupyterlab/coreutils");

    const lacks = JSON.parse(PageConfig.getOption("cs231nLacks"));
    if (lacks.length) {
      Notification.warning(
        `This site was built without ${lacks.join(" and ")}. Cells that need them fail; checks work.`,
        { autoClose: false },
      );
    }
    const asks = PageConfig.getOption("cs231nAsks");
    if (asks) {
      fetch(asks, { method: "HEAD", mode: "no-cors" }).catch(() =>
        Notification.error(
          `Python cannot start: it comes from ${new URL(asks).host}, which cannot be reached from ` +
            "here. Load this page again when it can.",
          { autoClose: false },
        ),
      );
    }
  };

  const plugin = {
    id: `${NAME}:plugin`,
    autoStart: true,
    // Before the page stands, a notification would be counted and not shown.
    activate: (app) => void app.restored.then(say),
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
}
