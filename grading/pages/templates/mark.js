// The marking page: shows one answer at a time, and saves its mark without leaving the page.
"use strict";
const main = document.querySelector("main");
const most = Number(main.dataset.most);
const articles = [...document.querySelectorAll("article")];
const element = (id) => document.getElementById(id);
const points = element("points");
const comment = element("comment");
const said = element("said");
let at = -1;
let saving = false;

const waits = (article) => article.dataset.waits === "true";
const current = () => articles[at];
const number = () => (points.value.trim() === "" ? null : Number(points.value.replace(",", ".")));
const changed = () =>
  at >= 0 &&
  (points.value.trim() !== current().dataset.points || comment.value !== current().dataset.comment);

const fill = () => {
  points.value = current().dataset.points;
  comment.value = current().dataset.comment;
};

const show = (index) => {
  if (at >= 0) current().hidden = true;
  at = index;
  current().hidden = false;
  current().querySelector(".name").hidden = !element("names").checked;
  const state = waits(current()) ? "waits for a mark" : "marked";
  element("place").textContent = `answer ${at + 1} of ${articles.length}, ${state}`;
  fill();
  // What is typed next is for this answer, not for a field of the one before.
  document.activeElement.blur();
};

// The nearest answer in a direction, around the end; null if there is none but this one.
const found = (step, fits) => {
  for (let k = 1; k < articles.length; k += 1) {
    const index = (at + step * k + k * articles.length) % articles.length;
    if (fits(articles[index])) return index;
  }
  return null;
};

const go = async (step, fits = element("waits").checked ? waits : () => true) => {
  if (changed() && !(await save())) return;
  const index = found(step, fits);
  if (index === null) {
    show(at);
    said.textContent += " No other answer waits: see the other questions, then write the feedback.";
  } else show(index);
};

const listComments = (texts) => {
  element("comments").replaceChildren(
    ...texts.map((text) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      item.append(button);
      return item;
    }),
  );
};

const keep = (article, state) => {
  article.dataset.points = state.points === null ? "" : String(state.points);
  article.dataset.waits = String(state.waits);
  article.dataset.comment = state.comment;
  article.dataset.revision = state.revision;
};

// Whether the mark stands in the gradebook now.
const save = async () => {
  if (saving) return false;
  const value = number();
  if (value !== null && !(value >= 0 && value <= most)) {
    said.textContent = `${points.value} is not a number from 0 to ${most}.`;
    points.focus();
    return false;
  }
  saving = true;
  const article = current();
  const { student, revision } = article.dataset;
  const question = main.dataset.question;
  const asked = { question, student, points: value, comment: comment.value, seen: revision };
  try {
    const response = await fetch("/mark", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked),
    });
    const answer = await response.json();
    if (!response.ok) {
      said.textContent = answer.error;
      // What was typed stays; saved once more, it replaces what somebody else has given.
      if (response.status === 409) article.dataset.revision = answer.revision;
      return false;
    }
    keep(article, answer);
    fill();
    listComments(answer.comments);
    for (const [name, count] of Object.entries(answer.waiting)) {
      const place = document.querySelector(`[data-waiting="${name}"]`);
      if (place) place.textContent = count;
    }
    const given = answer.points === null ? "no mark" : `${answer.points} of ${most}`;
    said.textContent = `Saved: ${given}.`;
    return true;
  } catch {
    said.textContent = "Not saved: the server does not answer. Start it again, then save again.";
    return false;
  } finally {
    saving = false;
  }
};

const saveAndGo = async () => {
  if (await save()) await go(1, waits);
};

const use = (text) => {
  comment.value = comment.value ? `${comment.value}\n${text}` : text;
};

element("previous").addEventListener("click", () => go(-1));
element("next").addEventListener("click", () => go(1));
element("unmarked").addEventListener("click", () => go(1, waits));
element("names").addEventListener("change", () => {
  current().querySelector(".name").hidden = !element("names").checked;
});
element("mark").addEventListener("submit", (event) => {
  event.preventDefault();
  saveAndGo();
});
element("mark").addEventListener("click", (event) => {
  const given = event.target.dataset.points;
  if (given !== undefined) points.value = given;
});
element("comments").addEventListener("click", (event) => {
  if (event.target.matches("button")) use(event.target.textContent);
});
document.addEventListener("keydown", (event) => {
  const digit = /^Digit([1-9])$/.exec(event.code);
  if (event.altKey && digit) {
    const again = element("comments").querySelectorAll("button")[digit[1] - 1];
    if (again) use(again.textContent);
    event.preventDefault();
    return;
  }
  if (event.target === comment) {
    if (event.key === "Escape") comment.blur();
    if (event.key === "Enter" && event.ctrlKey) saveAndGo();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === points) return;
  const half = (step) => {
    points.value = Math.min(most, Math.max(0, (number() ?? 0) + step));
  };
  const keys = {
    n: () => go(1),
    p: () => go(-1),
    u: () => go(1, waits),
    c: () => comment.focus(),
    "+": () => half(0.5),
    "-": () => half(-0.5),
  };
  if (event.key === "Enter" && !event.target.matches("button, a, summary, input")) saveAndGo();
  else if (/^[0-9]$/.test(event.key)) points.value = event.key;
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});
window.addEventListener("beforeunload", (event) => {
  if (changed()) event.preventDefault();
});

if (articles.length) {
  const first = articles.findIndex(waits);
  show(first < 0 ? 0 : first);
}
