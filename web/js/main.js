/* Starts the page: the tabs, the key, and what the fragment of the address asks for.
 * A tab is a module with start(panel), called when it is shown first; and, if it wants them, shown(linked) and
 * hidden(), called each time (linked: a state follows), keyed(), called at Enter in the field of the key, save(), its
 * state for a permanent link, and load(state). */
import { setKey } from "./api.js";
import { el } from "./dom.js";
import { read } from "./state.js";
import { makeTabs } from "./tabs.js";
import * as score from "./score.js";
import * as compare from "./compare.js";
import * as rank from "./rank.js";
import * as learn from "./learn.js";
import * as status from "./status.js";

const modules = { score, compare, rank, learn, status };
const started = new Set();
let current = null;
let linked = false; // whether a link brings the state of the tab that is shown next

/* Above all tabs, until the next link. */
function tellBroken(broken) {
  document.getElementById("broken-link")?.remove();
  if (!broken) return;
  document.getElementById("main").prepend(el("p", { class: "problem", role: "alert", id: "broken-link" }, "This link cannot be read: it was cut or changed on its way. Copy it again as a whole, or begin anew here."));
}

function chosen(name, before) {
  tellBroken(false);
  if (before) modules[before].hidden?.();
  if (!started.has(name)) {
    started.add(name);
    modules[name].start(document.getElementById(`panel-${name}`));
  }
  current = name;
  modules[name].shown?.(linked);
  document.title = `${document.getElementById(`tab-${name}`).textContent} – logitd`;
  if (before) history.replaceState(null, "", name === "score" ? location.pathname : `#${name}`);
}

async function follow(show) {
  const { tab, state, broken } = await read(location.hash);
  const name = Object.hasOwn(modules, tab) ? tab : "score";
  linked = state !== null;
  show(name);
  linked = false;
  tellBroken(broken);
  if (state !== null) modules[name].load?.(state);
}

const show = makeTabs(document.querySelector("[role=tablist]"), chosen);
const field = document.getElementById("api-key");
field.addEventListener("input", () => setKey(field.value));
field.addEventListener("keydown", (event) => event.key === "Enter" && modules[current]?.keyed?.());
addEventListener("hashchange", () => {
  if (location.hash !== "#main") follow(show);
});
follow(show);
